namespace Campaigns.Benchmarks.Load;

/// <summary>One callback of the plan.</summary>
/// <param name="Call">The call it speaks of.</param>
/// <param name="Status">Exotel's word for the call's status.</param>
/// <param name="Event"><c>answered</c> or <c>terminal</c>.</param>
internal sealed record Callback(CallInFlight Call, string Status, string Event)
{
    public bool Terminal => Event == "terminal";

    /// <summary>What the session's outcome is to be if this ends it.</summary>
    public string Outcome => Status.Replace('-', '_').ToUpperInvariant();
}
