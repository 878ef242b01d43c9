using System.Collections.Immutable;
using Campaigns.Calls;
using Campaigns.LiveModel;

namespace Campaigns.Stores;

/// <summary>Conversations as the call session keeps them. Every method is one transaction.</summary>
public interface ICallStore
{
    /// <summary>What a conversation is prepared from; null when there is no such session or it is over.</summary>
    Task<CallBrief?> LoadBriefAsync(Guid sessionId, CancellationToken cancellationToken);

    /// <summary>
    /// Opens the conversation of a session for one media leg: its secret is used up. Also marks it answered by this leg's carrier id, and its
    /// contact in progress.
    /// </summary>
    Task<BeginResult> BeginAsync(BeginConversation command, CancellationToken cancellationToken);

    /// <summary>Writes a session and, if need be, a contact for a call that came in, its conversation begun.</summary>
    /// <returns>Null when the caller has a live call already, or the agent is gone.</returns>
    Task<Guid?> BeginInboundAsync(BeginInbound command, CancellationToken cancellationToken);

    /// <summary>
    /// Says that these conversations are alive until a time: while it lies ahead nobody else concludes them. One statement for all of a process.
    /// </summary>
    Task RenewAsync(string owner, IReadOnlyCollection<Guid> sessions, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Keeps a turn; a repeat of the same position changes nothing.</summary>
    Task AddTurnAsync(Guid sessionId, CallTurn turn, CancellationToken cancellationToken);

    /// <summary>Keeps the result that the agent recorded; a later one replaces it. Nothing changes once the session is over.</summary>
    Task RecordDispositionAsync(
        Guid sessionId, string? code, string? notes, ImmutableDictionary<string, string> fields, DateTimeOffset now,
        CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a promised callback; a later one replaces it, null takes it back. Nothing changes once the session is over or the person opted out.
    /// </summary>
    Task RecordCallbackAsync(Guid sessionId, DateTimeOffset? at, string spoken, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Keeps that the person wants to be spoken to by a human. Nothing changes once the session is over.</summary>
    Task RecordHandoffAsync(Guid sessionId, string reason, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Puts the person on do-not-call, in all campaigns of the organization, and takes back a callback promised in this session. It holds when this
    /// returns, also when the session is over.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no such session: nobody was put on the list.</exception>
    Task MarkDoNotCallAsync(Guid sessionId, string reason, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Concludes a conversation, once: later conclusions, and those of a session that was settled without us, change nothing. What was said is
    /// queued for extraction in the same transaction. An inbound session ends with it.
    /// </summary>
    /// <returns>Whether this was the conclusion.</returns>
    Task<bool> ConcludeAsync(ConversationConclusion conclusion, CancellationToken cancellationToken);

    /// <summary>Ends inbound sessions whose process is gone: their conversations ran out before a time. Outbound ones are the rescuer's.</summary>
    /// <returns>How many.</returns>
    Task<int> EndLapsedInboundAsync(DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>What a silo has set ringing.</summary>
public interface IRingingCalls
{
    /// <summary>
    /// How many calls that a silo dialled after a time may still be answered: on their way to the carrier, ringing, or answered with no media
    /// stream yet.
    /// </summary>
    /// <param name="silo">The silo's name, as its dials carry it.</param>
    /// <param name="dialledAfter">Earlier dials do not ring any more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<int> CountRingingAsync(string silo, DateTimeOffset dialledAfter, CancellationToken cancellationToken);
}

/// <summary>The media leg of a session begins.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Owner">The process that holds the leg; unique per start of a process.</param>
/// <param name="Now">When.</param>
/// <param name="Until">Until when the process is taken to be alive.</param>
/// <param name="CarrierSid">The carrier's id of the call, as the stream told it.</param>
/// <param name="StreamSid">The carrier's id of the stream.</param>
/// <param name="GiveUpAt">When the rescuer settles the session if nobody has; never earlier than recorded. Null leaves it.</param>
public sealed record BeginConversation(
    Guid SessionId, string Owner, DateTimeOffset Now, DateTimeOffset Until, string CarrierSid, string StreamSid,
    DateTimeOffset? GiveUpAt = null);

/// <summary>Whether a conversation may begin.</summary>
public enum BeginResult
{
    /// <summary>It is this leg's.</summary>
    Begun,

    /// <summary>Another leg has, or had, the conversation.</summary>
    AlreadyBegun,

    /// <summary>The session is over.</summary>
    Over,

    /// <summary>The session's call has another id at the carrier.</summary>
    AnotherCall,

    /// <summary>There is no such session.</summary>
    NotFound,
}

/// <summary>A call that came in.</summary>
/// <param name="AgentId">The agent that was called.</param>
/// <param name="Phone">The caller, E.164.</param>
/// <param name="Owner">The process that holds the leg.</param>
/// <param name="Now">When.</param>
/// <param name="Until">Until when the process is taken to be alive.</param>
/// <param name="CarrierSid">The carrier's id of the call.</param>
/// <param name="StreamSid">The carrier's id of the stream.</param>
public sealed record BeginInbound(
    Guid AgentId, string Phone, string Owner, DateTimeOffset Now, DateTimeOffset Until, string CarrierSid, string StreamSid);

/// <summary>What came of a conversation.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Owner">The process that held it.</param>
/// <param name="At">When it ended.</param>
/// <param name="Outcome">What the attempt ends as, once the carrier says that the call is over.</param>
/// <param name="End">Everything else.</param>
/// <param name="CostMicroDollars">Estimated cost of the model, millionths of a US dollar.</param>
public sealed record ConversationConclusion(
    Guid SessionId, string Owner, DateTimeOffset At, CallOutcome Outcome, CallEnd End, long CostMicroDollars);

/// <summary>The secrets of agents that can be called.</summary>
public interface IInboundGates
{
    /// <summary>SHA-256 of the secret of an agent's inbound address, 32 bytes; null when it has none.</summary>
    Task<byte[]?> FindInboundHashAsync(Guid agentId, CancellationToken cancellationToken);
}

/// <summary>Conversations waiting to be distilled. A taken one that is not completed in time is taken again.</summary>
public interface IExtractionQueue
{
    /// <summary>Takes the next due ones, for at most <paramref name="hold"/>; of one person's only the oldest, so that newer news comes last.</summary>
    Task<ImmutableArray<ExtractionJob>> TakeAsync(int limit, DateTimeOffset now, TimeSpan hold, CancellationToken cancellationToken);

    /// <summary>Writes the digest, and decides with <paramref name="merge"/> what becomes of the facts, the person's facts locked.</summary>
    /// <param name="job">The job as taken.</param>
    /// <param name="extraction">What came out.</param>
    /// <param name="merge">From the facts in force to what changes.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when somebody else has completed it or it was given up; nothing is written then.</returns>
    /// <exception cref="InvalidOperationException">The merge gives two facts in force of one key, or supersedes what is not in force.</exception>
    Task<bool> CompleteAsync(
        ExtractionJob job, Extraction extraction, Func<ImmutableArray<MemoryFact>, FactChanges> merge, DateTimeOffset now,
        CancellationToken cancellationToken);

    /// <summary>
    /// Puts it back, or gives it up when <paramref name="nextAt"/> is null. Changes nothing when somebody else has taken it meanwhile.
    /// </summary>
    Task FailAsync(ExtractionJob job, string error, DateTimeOffset? nextAt, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>A conversation to be distilled.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="OrganizationId">Its organization.</param>
/// <param name="ContactId">The person; facts of a call without a contact are not kept.</param>
/// <param name="Attempt">1 for the first try.</param>
/// <param name="Request">What is to be distilled.</param>
public sealed record ExtractionJob(Guid SessionId, Guid OrganizationId, Guid? ContactId, int Attempt, ExtractionRequest Request);

/// <summary>What an extraction changes in what is known of a person.</summary>
/// <param name="Add">New facts.</param>
/// <param name="Superseded">Ids of facts that do not hold any more, each with the index in <paramref name="Add"/> of the fact that replaces it.</param>
/// <param name="Confirmed">Facts said again: ids with their new confidence.</param>
public sealed record FactChanges(
    ImmutableArray<ExtractedFact> Add, ImmutableDictionary<Guid, int> Superseded, ImmutableDictionary<Guid, double> Confirmed);
