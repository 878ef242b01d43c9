namespace Campaigns.Chaos.Bed;

/// <summary>When a host was killed, stopped or gone, so that its calls are no witnesses.</summary>
/// <param name="Port">The host's, by which its calls are known.</param>
/// <param name="From">When it began.</param>
/// <param name="To">When it was over; the end of time while it lasts.</param>
public sealed record Disturbance(int Port, DateTimeOffset From, DateTimeOffset To);
