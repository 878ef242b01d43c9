namespace Campaigns.Calls;

/// <summary>
/// What is wrong with a call, told from what is known of it now. Pure. The gravest comes first: the limits of the call, then the lost partners,
/// then the model, then silence.
/// </summary>
internal static class CallWatch
{
    internal static WatchAction Judge(in WatchFacts facts, CallOptions options)
    {
        if (facts.Now >= facts.LongestCall)
        {
            return WatchAction.EndTooLong;
        }

        if (facts.Now - facts.LastFrame >= options.LegStall)
        {
            return WatchAction.EndLegStalled;
        }

        if (facts.ReconnectingSince is { } away)
        {
            // Whatever else is missing is missing because of it.
            return facts.Now - away >= options.ReconnectPatience ? WatchAction.GiveUpReconnecting : WatchAction.None;
        }

        if (facts.TurnHeard >= options.LongestTurn)
        {
            return WatchAction.GiveUpDroning;
        }

        if (facts.Untranscribed >= options.UntranscribedAudio)
        {
            return WatchAction.GiveUpTone;
        }

        if (facts.OwedSince is { } owed && facts.Now - owed >= options.ModelStall)
        {
            return facts.Nudged ? WatchAction.GiveUpStalled : WatchAction.Nudge;
        }

        if (facts.TurnDrainedAt is { } drained && facts.Now - drained >= options.TurnEndPatience)
        {
            return WatchAction.CloseTurn;
        }

        return facts.QuietSince is { } quiet && facts.Now - quiet >= facts.SilenceTimeout ? WatchAction.EndSilence : WatchAction.None;
    }
}

/// <summary>A call as its watch sees it. Times count from the beginning of the stream.</summary>
/// <param name="Now">How long the call has lasted.</param>
/// <param name="LongestCall">Its campaign's limit.</param>
/// <param name="SilenceTimeout">Its campaign's patience.</param>
/// <param name="LastFrame">When the carrier last sent anything.</param>
/// <param name="QuietSince">When the last sound of either side ended; null while somebody speaks, and while silence means nothing.</param>
/// <param name="OwedSince">Since when the model owes an answer (the person has finished, it was prompted, a tool answered); null if it does not.</param>
/// <param name="Nudged">It has been reminded of it.</param>
/// <param name="TurnHeard">How much of the agent's turn under way has been played.</param>
/// <param name="Untranscribed">How much has been played of that turn since its last word of transcript.</param>
/// <param name="TurnDrainedAt">When the last audio of a turn that is still open was played out; null when that does not apply.</param>
/// <param name="ReconnectingSince">Since when the model's connection is gone.</param>
internal readonly record struct WatchFacts(
    TimeSpan Now,
    TimeSpan LongestCall,
    TimeSpan SilenceTimeout,
    TimeSpan LastFrame,
    TimeSpan? QuietSince = null,
    TimeSpan? OwedSince = null,
    bool Nudged = false,
    TimeSpan TurnHeard = default,
    TimeSpan Untranscribed = default,
    TimeSpan? TurnDrainedAt = null,
    TimeSpan? ReconnectingSince = null);

/// <summary>What a watchdog asks for.</summary>
internal enum WatchAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The longest call is reached.</summary>
    EndTooLong,

    /// <summary>Nobody speaks.</summary>
    EndSilence,

    /// <summary>The carrier sends nothing.</summary>
    EndLegStalled,

    /// <summary>The model is reminded that it owes an answer.</summary>
    Nudge,

    /// <summary>The model does not answer.</summary>
    GiveUpStalled,

    /// <summary>The model does not stop talking.</summary>
    GiveUpDroning,

    /// <summary>The model makes sounds without words.</summary>
    GiveUpTone,

    /// <summary>The model has not come back.</summary>
    GiveUpReconnecting,

    /// <summary>The model's turn is over although it has not said so.</summary>
    CloseTurn,
}
