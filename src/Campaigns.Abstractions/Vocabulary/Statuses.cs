namespace Campaigns;

/// <summary>Life of a campaign. The diagram, with who enters and leaves each status, is in <c>docs/state-machine.md</c>.</summary>
public enum CampaignStatus
{
    /// <summary>Being written; no audience has been frozen.</summary>
    Draft,

    /// <summary>Started with a start time ahead; the audience is frozen, nobody is called yet.</summary>
    Scheduled,

    /// <summary>Dialling.</summary>
    Running,

    /// <summary>Stopped by an operator, the circuit breaker or a fatal carrier answer; live calls end by themselves.</summary>
    Paused,

    /// <summary>Every contact is terminal.</summary>
    Completed,

    /// <summary>Ended by an operator; whoever had not been called is <see cref="ContactStatus.Cancelled"/>.</summary>
    Cancelled,
}

/// <summary>Life of one contact of one campaign's snapshot.</summary>
public enum ContactStatus
{
    /// <summary>Waiting to be called (for the first time, or again by the retry policy).</summary>
    Pending,

    /// <summary>Claimed for an attempt; the dial has not been confirmed by the carrier.</summary>
    Dispatched,

    /// <summary>The carrier has the call.</summary>
    InProgress,

    /// <summary>Terminal: a conversation took place.</summary>
    Completed,

    /// <summary>Terminal: not reached (no answer, busy), attempts used up.</summary>
    NoAnswer,

    /// <summary>Terminal: the call failed, was refused, or its outcome stayed unknown.</summary>
    Failed,

    /// <summary>Terminal: never to be called in this campaign, for a recorded reason.</summary>
    Skipped,

    /// <summary>Terminal: the campaign was cancelled first.</summary>
    Cancelled,
}

/// <summary>Life of one call attempt (a row of <c>sessions</c>). Everything but <see cref="Ended"/> is live and holds the person's line.</summary>
public enum SessionState
{
    /// <summary>The dial has been let through; the carrier's answer is not known yet.</summary>
    Dialing,

    /// <summary>The carrier's answer was ambiguous; a callback, the media socket or a look-up settles it, or its deadline does.</summary>
    Unknown,

    /// <summary>The carrier accepted the call.</summary>
    Ringing,

    /// <summary>The person answered.</summary>
    Answered,

    /// <summary>Over; the outcome is set.</summary>
    Ended,
}

/// <summary>The finer outcome of one attempt, kept beside the contact's status.</summary>
public enum CallOutcome
{
    /// <summary>Answered and ended normally.</summary>
    Completed,

    /// <summary>Rang out.</summary>
    NoAnswer,

    /// <summary>The line was busy.</summary>
    Busy,

    /// <summary>Cancelled before the answer.</summary>
    Canceled,

    /// <summary>The carrier could not place or keep the call.</summary>
    Failed,

    /// <summary>The carrier clearly refused the request (4xx); no phone rang.</summary>
    Rejected,

    /// <summary>The carrier refused for the moment (429, stream limit); no phone rang and no attempt is used.</summary>
    RejectedForNow,

    /// <summary>The carrier refused because of the account (authentication, permission, balance); no phone rang and no attempt is used.</summary>
    CarrierUnavailable,

    /// <summary>The dial was called off before it reached the carrier; no attempt is used.</summary>
    NotPlaced,

    /// <summary>Nobody could find out whether the call took place.</summary>
    Unknown,

    /// <summary>An answering machine took the call.</summary>
    Machine,

    /// <summary>We dropped an answered call (a silo died, or our media endpoint was not to be reached).</summary>
    InterruptedByUs,

    /// <summary>The person answered, and the live model could not be reached; they heard an apology.</summary>
    ModelUnavailable,

    /// <summary>Somebody answered and never said a word.</summary>
    NoSpeech,
}

/// <summary>How a campaign reaches people.</summary>
public enum Channel
{
    /// <summary>A spoken conversation with a live model.</summary>
    VoiceRealtime,

    /// <summary>A scripted voice flow. Kept in the model; refused at start.</summary>
    VoiceScripted,

    /// <summary>WhatsApp messages. Kept in the model; refused at start.</summary>
    Whatsapp,

    /// <summary>Text messages. Kept in the model; refused at start.</summary>
    Sms,
}

/// <summary>What a contact agreed to. It never becomes <see cref="Granted"/> from an unknown word.</summary>
public enum ConsentState
{
    /// <summary>Nothing is recorded.</summary>
    Unknown,

    /// <summary>Agreed to marketing calls.</summary>
    Granted,

    /// <summary>Refused or withdrew.</summary>
    Denied,
}

/// <summary>What was decided about a contact at one moment (a row of <c>decisions</c>).</summary>
public enum DecisionKind
{
    /// <summary>Taken for an attempt.</summary>
    Claimed,

    /// <summary>Will not be called in this campaign.</summary>
    Skipped,

    /// <summary>Will be looked at again later.</summary>
    Deferred,

    /// <summary>A claim was given back without a call.</summary>
    Released,

    /// <summary>An attempt ended and another is due.</summary>
    Retried,

    /// <summary>An attempt ended and the contact is terminal.</summary>
    Settled,

    /// <summary>A person changed the outcome.</summary>
    Corrected,
}
