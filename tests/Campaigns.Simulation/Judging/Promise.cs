namespace Campaigns.Simulation;

/// <summary>What the product promises, by name.</summary>
internal enum Promise
{
    /// <summary>At most one phone rung per contact and attempt, at most one live call per person of an organization.</summary>
    NobodyIsCalledTwice,

    /// <summary>A contact is in one status that the counters and its session agree with, and terminal once and for all.</summary>
    NobodyIsLost,

    /// <summary>After pause or cancel has returned, no phone rings for the campaign until a resume takes effect.</summary>
    StopMeansStop,

    /// <summary>Live calls within the caps of campaign and organization, dials within the rates of campaign and account.</summary>
    CapsHold,

    /// <summary>Nobody is dialled again whose attempt ended as unknown.</summary>
    UnknownIsNotRedialled,

    /// <summary>Edits of contacts do not change a running campaign.</summary>
    SnapshotIsFrozen,

    /// <summary>A dial that comes to its gate after the opt-out never rings.</summary>
    OptOutHolds,

    /// <summary>What the owner of an earlier epoch asks for changes nothing.</summary>
    StaleOwnerChangesNothing,

    /// <summary>What is on record of a call is what the carrier's ledger says of it.</summary>
    RecordIsTrue,

    /// <summary>When failures have stopped, everything becomes terminal in bounded time.</summary>
    AllEnds,
}

/// <summary>A promise was broken.</summary>
internal sealed class InvariantBrokenException(Promise promise, string how) : Exception($"{promise}: {how}");
