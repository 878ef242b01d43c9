namespace Campaigns.Domain.Validation;

/// <summary>One thing wrong with a request.</summary>
/// <param name="Path">Where, as in the request's JSON: <c>audience.contactIds</c>, <c>retry.NO_ANSWER.backoff[1]</c>.</param>
/// <param name="Message">What, for people.</param>
public sealed record ValidationError(string Path, string Message);
