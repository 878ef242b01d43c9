namespace Campaigns.Domain.Contacts;

/// <summary>How long each phase of a call may take before somebody looks, and before it is given up.</summary>
public sealed record CallTimings
{
    /// <summary>Time from the gate to the last moment at which the request may leave, and to the carrier's answer; 10 s.
    /// Raise it for a carrier that answers slowly: every answer later than this is ambiguous.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When a session that is still DIALING is looked at, its owner being dead; 15 s, more than <see cref="SendTimeout"/>.</summary>
    public TimeSpan DialingCheckAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>When a ringing call is first looked up, in case its callback was lost; 45 s, more than a phone rings.</summary>
    public TimeSpan RingCheckAfter { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How often a call is looked up afterwards; 30 s. Each look-up costs a request of the carrier account's limit.</summary>
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>When an ambiguous dial is first looked up; 5 s, which the carrier needs to list a call it has just taken.</summary>
    public TimeSpan UnknownCheckAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>When an ambiguous dial nobody has heard of is recorded as unknown for good; 5 min. Not redialled even then.</summary>
    public TimeSpan UnknownDeadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>When a call whose end was never reported is recorded as unknown; 65 min, more than the longest call allowed.</summary>
    public TimeSpan LongestCall { get; init; } = TimeSpan.FromMinutes(65);

    /// <summary>When a dial that rang no phone is due again, if the carrier named no time; 5 s.</summary>
    public TimeSpan ReleaseDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most that a carrier's wish to be left alone delays one contact; 1 h.</summary>
    public TimeSpan LongestReleaseDelay { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether an answered call counts as a conversation only if its media stream reached us. True; false where calls are bridged
    /// elsewhere, as by a carrier's flow that does not open our media socket.</summary>
    public bool ExpectConversations { get; init; } = true;

    /// <summary>How long a process that holds conversations is taken to be alive after its last sign; 10 s. Conversations of a process that
    /// gave none are settled as interrupted by us.</summary>
    public TimeSpan ConversationLease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after the carrier said that a call is over its conversation may still be concluded; 1 min. A process that lives and
    /// does not conclude by then has lost it.</summary>
    public TimeSpan ConclusionPatience { get; init; } = TimeSpan.FromMinutes(1);
}
