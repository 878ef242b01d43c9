using System.Collections.Immutable;

namespace Campaigns.Stores;

/// <summary>A campaign for operators.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="Spec">What was asked for.</param>
/// <param name="TotalCount">Contacts in the snapshot; 0 before start.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="StartedAt">When dialling first began.</param>
/// <param name="FinishedAt">When it completed or was cancelled.</param>
/// <param name="PauseReason">Why it is paused.</param>
public sealed record CampaignDetails(
    Guid Id,
    CampaignStatus Status,
    CampaignSpec Spec,
    int TotalCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? PauseReason);

/// <summary>A campaign at one moment.</summary>
/// <param name="Id">The campaign.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="PauseReason">Why it is paused.</param>
/// <param name="At">The moment.</param>
/// <param name="Funnel">Contacts by status.</param>
/// <param name="Outcomes">Contacts by finer outcome of their last attempt.</param>
/// <param name="Dispositions">Contacts by the campaign's own word for the result.</param>
/// <param name="Attempts">Attempts used or under way, over all contacts.</param>
/// <param name="Dispatched">Claims ever made.</param>
/// <param name="DialsLastMinute">Calls let through in the last sixty seconds.</param>
/// <param name="AverageCallsPerMinute">Claims per minute of running time; 0 before the first.</param>
/// <param name="InFlight">Contacts being called.</param>
/// <param name="SecondsUntilDue">Until somebody is due: 0 when somebody is; null when nobody waits.</param>
/// <param name="LeaseOwner">Who drives it; null when nobody does.</param>
/// <param name="StartedAt">When dialling first began.</param>
/// <param name="FinishedAt">When it completed or was cancelled.</param>
/// <param name="Conversations">Calls that were concluded as a conversation with a person.</param>
/// <param name="OptOuts">Calls in which the person asked not to be called again.</param>
/// <param name="Callbacks">Calls in which another call was promised.</param>
/// <param name="Recordings">Calls that were recorded.</param>
/// <param name="AnswerToFirstAudioMsP95">Of every 20 calls 19 began to hear the agent within this many milliseconds; null before the first.</param>
/// <param name="Permits">Its share, its present limit and what holds it back; null when it does not run.</param>
public sealed record CampaignOverview(
    Guid Id,
    string Name,
    CampaignStatus Status,
    string? PauseReason,
    DateTimeOffset At,
    CampaignFunnel Funnel,
    ImmutableSortedDictionary<string, int> Outcomes,
    ImmutableSortedDictionary<string, int> Dispositions,
    int Attempts,
    long Dispatched,
    int DialsLastMinute,
    double AverageCallsPerMinute,
    int InFlight,
    double? SecondsUntilDue,
    string? LeaseOwner,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    int Conversations,
    int OptOuts,
    int Callbacks,
    int Recordings,
    int? AnswerToFirstAudioMsP95,
    CampaignPermits? Permits = null);

/// <summary>Contacts of a campaign by status; the parts add up to <paramref name="Total"/>.</summary>
/// <param name="Total">The snapshot.</param>
/// <param name="Pending">Waiting.</param>
/// <param name="InFlight">Claimed or on the phone.</param>
/// <param name="Completed">A conversation took place.</param>
/// <param name="NoAnswer">Not reached.</param>
/// <param name="Failed">Failed, refused or unknown.</param>
/// <param name="Skipped">Not to be called.</param>
/// <param name="Cancelled">The campaign was cancelled first.</param>
public sealed record CampaignFunnel(int Total, int Pending, int InFlight, int Completed, int NoAnswer, int Failed, int Skipped, int Cancelled);

/// <summary>One row of a snapshot.</summary>
/// <param name="Id">The snapshot row: what decisions, sessions and corrections are asked by.</param>
/// <param name="ContactId">The contact it was taken from.</param>
/// <param name="Position">1 for the first in the queue.</param>
/// <param name="Phone">E.164.</param>
/// <param name="Name">As frozen.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="Attempts">Attempts used or under way.</param>
/// <param name="Outcome">Finer outcome of the last attempt.</param>
/// <param name="Disposition">The campaign's own word for the result.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="DueAt">When it is due, while waiting.</param>
/// <param name="UpdatedAt">When it last changed.</param>
/// <param name="FinishedAt">When it became terminal.</param>
/// <param name="Context">The frozen fields that prompts may use.</param>
public sealed record CampaignContactDetails(
    Guid Id,
    Guid ContactId,
    int Position,
    string Phone,
    string Name,
    ContactStatus Status,
    int Attempts,
    string? Outcome,
    string? Disposition,
    string? Reason,
    DateTimeOffset? DueAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? FinishedAt,
    ImmutableDictionary<string, string> Context);

/// <summary>One decision about a contact.</summary>
/// <param name="Id">Grows with time.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What was decided.</param>
/// <param name="Attempt">On which attempt.</param>
/// <param name="Reason">Why.</param>
/// <param name="DueAt">When it is looked at again.</param>
/// <param name="SessionId">The call concerned.</param>
/// <param name="Actor">Who, when a person did.</param>
public sealed record DecisionDetails(
    long Id, DateTimeOffset At, DecisionKind Kind, int Attempt, string Reason, DateTimeOffset? DueAt, Guid? SessionId, string? Actor);
