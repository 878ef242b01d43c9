using System.Collections.Immutable;

namespace Campaigns.Stores;

/// <summary>Snapshot contacts and their sessions as the contact grain and the rescuer need them. Every method is one transaction.</summary>
public interface IContactStore
{
    /// <summary>The snapshot contact with the session of its present attempt, or null.</summary>
    Task<ContactRecord?> LoadAsync(Guid campaignContactId, CancellationToken cancellationToken);

    /// <summary>
    /// The gate of a dial: inserts the session (DIALING) if the campaign runs under the order's epoch, the claim is still this task's,
    /// the person is not on do-not-call and has no live call. From then on the line is this attempt's.
    /// </summary>
    Task<OpenSessionResult> OpenSessionAsync(OpenSession command, CancellationToken cancellationToken);

    /// <summary>Gives a claim back without a call: PENDING, attempt not used, due at the time given. False when the claim is gone.</summary>
    Task<bool> ReleaseClaimAsync(
        Guid campaignContactId, Guid taskId, DateTimeOffset dueAt, string reason, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Takes a claimed contact out of the campaign without a call (SKIPPED), e.g. for a do-not-call that came in between.</summary>
    Task<bool> SkipClaimAsync(Guid campaignContactId, Guid taskId, string reason, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Writes a decided change of contact, session and counters. False, and nothing written, on a version conflict or when the contact was to wait in a campaign that is over by now.</summary>
    Task<bool> ApplyAsync(ContactChange change, CancellationToken cancellationToken);

    /// <summary>
    /// Gives back the claims of a campaign made under an earlier epoch that never became a session: what a crash between claim and dial leaves.
    /// </summary>
    /// <returns>How many.</returns>
    Task<int> ReleaseStrandedAsync(Guid campaignId, long epoch, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Gives back claims made before a time that never became a session, in any campaign: the dial's grain never got to them.</summary>
    /// <returns>How many.</returns>
    Task<int> ReleaseStaleClaimsAsync(DateTimeOffset claimedBefore, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Whether another dial to the number, of any organization of the same carrier account, began in a span of time, may have rung the phone, and has
    /// no carrier id yet: then nobody can tell whose a call is that the carrier lists.
    /// </summary>
    /// <param name="sessionId">The dial that is not "another".</param>
    /// <param name="from">The first moment.</param>
    /// <param name="to">The last one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<bool> HasRivalDialAsync(Guid sessionId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Which of these carrier ids belong to a session already; such a call is not the one a lost dial placed.</summary>
    Task<IReadOnlySet<string>> FindBoundSidsAsync(IReadOnlyCollection<string> sids, CancellationToken cancellationToken);

    /// <summary>Takes sessions whose check is due, moving their next check ahead so that no other host takes them meanwhile.</summary>
    Task<ImmutableArray<OverdueSession>> TakeOverdueAsync(
        DateTimeOffset now, TimeSpan nextCheckAfter, int limit, CancellationToken cancellationToken);
}

/// <summary>The secrets of sessions: all that a webhook or a media socket reads.</summary>
public interface ISessionGates
{
    /// <summary>What it takes to check a session's secret, or null when there is no such session.</summary>
    Task<SessionGate?> FindGateAsync(Guid sessionId, CancellationToken cancellationToken);
}

/// <summary>A snapshot contact with what decides its next step.</summary>
/// <param name="Id">The snapshot row.</param>
/// <param name="CampaignId">Its campaign.</param>
/// <param name="OrganizationId">Its organization.</param>
/// <param name="Phone">E.164.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="Attempts">Attempts used or under way.</param>
/// <param name="TaskId">The present claim, if any.</param>
/// <param name="Version">Grows with every write.</param>
/// <param name="Session">The session of the present or last attempt, if any.</param>
/// <param name="Rules">What the retry decision needs.</param>
public sealed record ContactRecord(
    Guid Id,
    Guid CampaignId,
    Guid OrganizationId,
    string Phone,
    ContactStatus Status,
    int Attempts,
    Guid? TaskId,
    int Version,
    SessionRecord? Session,
    ContactRules Rules);

/// <summary>One call attempt.</summary>
/// <param name="Id">Our id of it.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="CarrierSid">The carrier's id, once known.</param>
/// <param name="Outcome">How it ended, once it has.</param>
/// <param name="StartedAt">When the dial was let through.</param>
/// <param name="AnsweredAt">When the person answered, if known.</param>
/// <param name="GiveUpAt">When it is settled as unknown if nobody has settled it.</param>
/// <param name="Conversation">Its conversation, once a media stream has begun.</param>
/// <param name="CarrierEndedAt">When the carrier said that the call was over, if it has and the conversation is not concluded yet.</param>
public sealed record SessionRecord(
    Guid Id,
    int Attempt,
    SessionState State,
    string? CarrierSid,
    CallOutcome? Outcome,
    DateTimeOffset StartedAt,
    DateTimeOffset? AnsweredAt,
    DateTimeOffset GiveUpAt,
    ConversationRecord? Conversation = null,
    DateTimeOffset? CarrierEndedAt = null);

/// <summary>The conversation of a session, as far as the attempt's outcome depends on it.</summary>
/// <param name="Until">Until when the process that holds it is taken to be alive.</param>
/// <param name="Outcome">What it came to, once concluded.</param>
/// <param name="Detail">Why, for people.</param>
/// <param name="Disposition">The campaign's own word for the result, if one was recorded.</param>
/// <param name="CallbackAt">When the person was promised another call.</param>
public sealed record ConversationRecord(
    DateTimeOffset Until, CallOutcome? Outcome, string? Detail, string? Disposition, DateTimeOffset? CallbackAt);

/// <summary>What a retry decision needs beside the contact itself.</summary>
/// <param name="CampaignStatus">A cancelled campaign retries nobody.</param>
/// <param name="Retry">The campaign's policy.</param>
/// <param name="Window">The window in force (the campaign's or the organization's), if any.</param>
/// <param name="TimeZone">The contact's IANA zone, if known.</param>
/// <param name="OrganizationTimeZone">The organization's IANA zone.</param>
public sealed record ContactRules(
    CampaignStatus CampaignStatus, RetryPolicy Retry, CallingWindow? Window, string? TimeZone, string OrganizationTimeZone);

/// <summary>A decided change of one contact, checked against the version it was decided on.</summary>
public sealed record ContactChange
{
    /// <summary>The snapshot row.</summary>
    public required Guid ContactId { get; init; }

    /// <summary>The version the decision was made on.</summary>
    public required int ExpectedVersion { get; init; }

    /// <summary>Status before.</summary>
    public required ContactStatus From { get; init; }

    /// <summary>Status after; may be the same.</summary>
    public required ContactStatus To { get; init; }

    /// <summary>−1 when the attempt is given back, otherwise 0.</summary>
    public int AttemptsDelta { get; init; }

    /// <summary>When it is due again; set exactly when <see cref="To"/> is <see cref="ContactStatus.Pending"/>.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The finer outcome of the attempt, to be kept on the contact; null leaves it.</summary>
    public CallOutcome? Outcome { get; init; }

    /// <summary>Why, for people; null leaves it.</summary>
    public string? Reason { get; init; }

    /// <summary>The campaign's own word for the result; null leaves it.</summary>
    public string? Disposition { get; init; }

    /// <summary>Goes before everybody who is merely due: a callback was promised for <see cref="DueAt"/>.</summary>
    public bool Promised { get; init; }

    /// <summary>The time of the change.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The change of the session, if any.</summary>
    public SessionChange? Session { get; init; }

    /// <summary>The entry for the decision log, if the change deserves one.</summary>
    public DecisionKind? Decision { get; init; }

    /// <summary>Who made it, when a person did.</summary>
    public string? By { get; init; }
}

/// <summary>The new face of a session. Nulls leave what is there.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="State">Its state afterwards.</param>
/// <param name="CarrierSid">The carrier's id, if it was learned.</param>
/// <param name="Outcome">Set exactly when <paramref name="State"/> is <see cref="SessionState.Ended"/>.</param>
/// <param name="AnsweredAt">When it was answered, if that was learned.</param>
/// <param name="CheckAt">When the rescuer looks at it next; null when ended.</param>
/// <param name="GiveUpAt">When the rescuer settles it as unknown; null leaves it.</param>
/// <param name="Duration">Conversation time.</param>
/// <param name="RecordingUrl">The carrier's recording.</param>
/// <param name="Detail">The carrier's own words.</param>
/// <param name="CarrierEndedAt">When the carrier said that the call was over, while its conversation is not concluded yet.</param>
public sealed record SessionChange(
    Guid SessionId,
    SessionState State,
    string? CarrierSid = null,
    CallOutcome? Outcome = null,
    DateTimeOffset? AnsweredAt = null,
    DateTimeOffset? CheckAt = null,
    DateTimeOffset? GiveUpAt = null,
    TimeSpan? Duration = null,
    string? RecordingUrl = null,
    string? Detail = null,
    DateTimeOffset? CarrierEndedAt = null);

/// <summary>A dial that asks to pass its gate.</summary>
/// <param name="Order">The claim.</param>
/// <param name="SessionId">The id the new session is to have.</param>
/// <param name="TokenHash">SHA-256 of the session's secret, 32 bytes.</param>
/// <param name="TokenExpiresAt">When callbacks and media under this secret are refused.</param>
/// <param name="Now">The time of the dial.</param>
/// <param name="SendBefore">The request leaves before this time or not at all.</param>
/// <param name="CheckAt">When the rescuer looks at it first.</param>
/// <param name="GiveUpAt">When the rescuer settles it as unknown.</param>
/// <param name="Owner">Which silo dials.</param>
public sealed record OpenSession(
    Grains.DialOrder Order,
    Guid SessionId,
    byte[] TokenHash,
    DateTimeOffset TokenExpiresAt,
    DateTimeOffset Now,
    DateTimeOffset SendBefore,
    DateTimeOffset CheckAt,
    DateTimeOffset GiveUpAt,
    string Owner);

/// <summary>How the gate answered.</summary>
public enum OpenSessionResult
{
    /// <summary>The dial is this caller's, and nobody else's.</summary>
    Opened,

    /// <summary>The claim is not valid any more: another task, another status, or it was dialled already.</summary>
    ClaimGone,

    /// <summary>The campaign does not run under this epoch.</summary>
    CampaignStopped,

    /// <summary>The person has a live call.</summary>
    PersonBusy,

    /// <summary>The person is on do-not-call.</summary>
    DoNotCall,
}

/// <summary>A live session whose check is due.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="CampaignContactId">Its snapshot contact.</param>
/// <param name="Phone">E.164.</param>
/// <param name="State">Where it is.</param>
/// <param name="CarrierSid">The carrier's id, if known.</param>
/// <param name="StartedAt">When the dial was let through.</param>
/// <param name="SendBefore">The request left before this time or not at all.</param>
/// <param name="GiveUpAt">When it is settled as unknown.</param>
public sealed record OverdueSession(
    Guid SessionId,
    Guid CampaignContactId,
    string Phone,
    SessionState State,
    string? CarrierSid,
    DateTimeOffset StartedAt,
    DateTimeOffset SendBefore,
    DateTimeOffset GiveUpAt);

/// <summary>A session's secret and where its news goes.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="CampaignContactId">Its snapshot contact: the grain to tell.</param>
/// <param name="TokenHash">SHA-256 of the secret, 32 bytes.</param>
/// <param name="TokenExpiresAt">Nothing is accepted afterwards.</param>
/// <param name="MediaUsed">A media stream has begun under this secret, or the session is over: no other may.</param>
public sealed record SessionGate(
    Guid SessionId, Guid CampaignContactId, byte[] TokenHash, DateTimeOffset TokenExpiresAt, bool MediaUsed = false);
