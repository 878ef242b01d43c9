namespace Campaigns.Calls;

/// <summary>Makes out machines from what a call's first seconds sound like. One per call, not safe for concurrent use.</summary>
internal interface IMachineEar
{
    /// <summary>Whether it may still come to a verdict.</summary>
    bool IsListening { get; }

    /// <summary>A fragment of what the person said, as the model understood it.</summary>
    /// <returns>What answers, with the evidence, once it is sure; null while a human may be there.</returns>
    MachineFinding? OnText(string fragment, TimeSpan at);

    /// <summary>What the sound is like now; called for every frame, so it allocates only when something has changed.</summary>
    /// <param name="now">Time since the answer.</param>
    /// <param name="sounding">How long the run of sound under way, or else the last one, lasted without a pause that invites an answer.</param>
    /// <param name="silent">How long it has been silent.</param>
    /// <param name="beepAt">When the last beep ended, if there was one.</param>
    MachineFinding? OnSound(TimeSpan now, TimeSpan sounding, TimeSpan silent, TimeSpan? beepAt);
}

/// <summary>A machine was made out.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="Evidence">Why, for people.</param>
internal sealed record MachineFinding(MachineKind Kind, string Evidence);
