namespace Campaigns.Benchmarks.Load;

/// <summary>A call that the carrier has, as the carrier knows it.</summary>
/// <param name="SessionId">Our session, as in the callback's address.</param>
/// <param name="Token">Its secret, as in the callback's address.</param>
/// <param name="CallSid">The carrier's id of it.</param>
/// <param name="Phone">Who is called, E.164.</param>
internal sealed record CallInFlight(Guid SessionId, string Token, string CallSid, string Phone);
