namespace Campaigns.Chaos.Judging;

/// <summary>Something that is not as promised.</summary>
/// <param name="At">When it showed; null where it has no moment.</param>
/// <param name="Phone">Whose call it is; null where it is nobody's in particular.</param>
/// <param name="Text">In words.</param>
public sealed record Complaint(DateTimeOffset? At, string? Phone, string Text);
