using System.Collections.Immutable;
using Campaigns.Calls;
using Campaigns.LiveModel;

namespace Campaigns.Stores;

/// <summary>One call.</summary>
/// <param name="Id">Our id of it.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="CarrierSid">The carrier's id.</param>
/// <param name="StartedAt">When the dial was let through, or the call came in.</param>
/// <param name="AnsweredAt">When it was answered.</param>
/// <param name="EndedAt">When it was over.</param>
/// <param name="DurationSeconds">Conversation time.</param>
/// <param name="RecordingUrl">The carrier's recording.</param>
/// <param name="Detail">The carrier's own words.</param>
/// <param name="Direction">Who called.</param>
/// <param name="Phone">The other end, E.164.</param>
/// <param name="AgentId">Who spoke.</param>
/// <param name="CampaignId">The campaign, if it was for one.</param>
/// <param name="CampaignContactId">The row of the campaign's snapshot.</param>
/// <param name="ContactId">The person.</param>
/// <param name="Disposition">The campaign's own word for the result.</param>
/// <param name="DispositionNotes">What the agent noted with it.</param>
/// <param name="DispositionFields">What was recorded with it, by name.</param>
/// <param name="CallbackAt">When the person was promised another call.</param>
/// <param name="CallbackSpoken">How that was said.</param>
/// <param name="Handoff">Why the person wants to be spoken to by a human.</param>
/// <param name="OptedOut">The person asked not to be called again.</param>
/// <param name="Machine">What answered instead of a person.</param>
/// <param name="MessageLeft">A message was said to a machine to its end.</param>
/// <param name="FirstAudioMs">From the beginning of the stream to the first audible sound of the agent, milliseconds.</param>
/// <param name="Conversation">Its conversation; null when its audio never reached us.</param>
/// <param name="Usage">Tokens of the live model.</param>
/// <param name="CostMicroDollars">Estimated cost of the live model, millionths of a US dollar.</param>
/// <param name="HasRecording">Whether it was recorded.</param>
public sealed record SessionDetails(
    Guid Id,
    int Attempt,
    SessionState State,
    CallOutcome? Outcome,
    string? CarrierSid,
    DateTimeOffset StartedAt,
    DateTimeOffset? AnsweredAt,
    DateTimeOffset? EndedAt,
    double? DurationSeconds,
    string? RecordingUrl,
    string? Detail,
    CallDirection Direction,
    string Phone,
    Guid AgentId,
    Guid? CampaignId,
    Guid? CampaignContactId,
    Guid? ContactId,
    string? Disposition,
    string? DispositionNotes,
    ImmutableDictionary<string, string> DispositionFields,
    DateTimeOffset? CallbackAt,
    string? CallbackSpoken,
    string? Handoff,
    bool OptedOut,
    MachineKind? Machine,
    bool MessageLeft,
    int? FirstAudioMs,
    ConversationDetails? Conversation,
    LiveUsage? Usage,
    long? CostMicroDollars,
    bool HasRecording);

/// <summary>The conversation of a call.</summary>
/// <param name="BegunAt">When its audio reached us.</param>
/// <param name="EndedAt">When it was concluded.</param>
/// <param name="Outcome">What it came to.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Detail">The same for people.</param>
/// <param name="Underruns">How often the agent's voice ran dry in mid-sentence.</param>
public sealed record ConversationDetails(
    DateTimeOffset BegunAt, DateTimeOffset? EndedAt, CallOutcome? Outcome, CallEndKind? End, string? Detail, int? Underruns);

/// <summary>One turn of a conversation.</summary>
/// <param name="Position">1 for the first.</param>
/// <param name="Speaker">Who spoke.</param>
/// <param name="Text">What was said.</param>
/// <param name="HeardText">What was really heard of an agent's turn.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Interrupted">The agent was cut off.</param>
/// <param name="SpokenMs">Length of the agent's turn as generated, milliseconds.</param>
/// <param name="HeardMs">How much of it was played, milliseconds.</param>
public sealed record TurnDetails(
    int Position,
    Speaker Speaker,
    string Text,
    string? HeardText,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    bool Interrupted,
    int SpokenMs,
    int HeardMs);

/// <summary>What a conversation came to, for the next caller.</summary>
/// <param name="SessionId">The call.</param>
/// <param name="Summary">Two or three sentences.</param>
/// <param name="Model">Which model wrote it.</param>
/// <param name="CreatedAt">When.</param>
public sealed record DigestDetails(Guid SessionId, string Summary, string Model, DateTimeOffset CreatedAt);

/// <summary>A fact remembered about a person.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">What it is about.</param>
/// <param name="Value">The fact.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="SessionId">The call it was said in.</param>
/// <param name="EvidenceTurn">The turn it was said in.</param>
/// <param name="LearnedAt">When it was learned.</param>
/// <param name="UpdatedAt">When it was last confirmed or superseded.</param>
/// <param name="ValidUntil">When it stops being true, if known.</param>
/// <param name="SupersededBy">The fact that holds instead; null while it holds.</param>
public sealed record FactDetails(
    Guid Id,
    string Key,
    string Value,
    double Confidence,
    Guid? SessionId,
    int? EvidenceTurn,
    DateTimeOffset LearnedAt,
    DateTimeOffset UpdatedAt,
    DateOnly? ValidUntil,
    Guid? SupersededBy);
