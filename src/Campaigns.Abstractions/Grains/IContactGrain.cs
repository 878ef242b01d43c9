using Orleans;
using Orleans.Concurrency;

namespace Campaigns.Grains;

/// <summary>One contact of one campaign's snapshot. Its key is the campaign contact's id.</summary>
[Alias("campaigns.IContactGrain")]
public interface IContactGrain : IGrainWithGuidKey
{
    /// <summary>Dials the claimed contact. Returns when the carrier's answer has been recorded, whatever it was.</summary>
    [Alias("Dial")]
    Task<DialResult> DialAsync(DialOrder order, CancellationToken cancellationToken);

    /// <summary>Takes a report about a call. When it returns, the report is durable or was rightly ignored.</summary>
    /// <remarks>Runs beside a dial: a callback may overtake the carrier's answer, and the store's versions keep the two apart.</remarks>
    [Alias("OnCarrierReport"), AlwaysInterleave]
    Task<ReportResult> OnCarrierReportAsync(CarrierReport report, CancellationToken cancellationToken);

    /// <summary>The conversation of a call has been concluded. Settles the attempt if the carrier has already said that the call is over.</summary>
    [Alias("OnConversationEnded"), AlwaysInterleave]
    Task<ReportResult> OnConversationEndedAsync(Guid sessionId, CancellationToken cancellationToken);

    /// <summary>Settles a call as unknown whose deadline has passed with no news of it. It is not dialled again by itself.</summary>
    [Alias("GiveUp"), AlwaysInterleave]
    Task<ReportResult> GiveUpAsync(Guid sessionId, string reason, CancellationToken cancellationToken);

    /// <summary>Sets the outcome by hand.</summary>
    [Alias("Correct")]
    Task<ReportResult> CorrectAsync(DispositionCorrection correction, CancellationToken cancellationToken);
}

/// <summary>A claim to be dialled: everything the dial needs, so that nothing is read again.</summary>
/// <param name="CampaignContactId">The snapshot row.</param>
/// <param name="CampaignId">Its campaign.</param>
/// <param name="OrganizationId">Its organization.</param>
/// <param name="TaskId">The claim's own id: a dial under any other is refused.</param>
/// <param name="Epoch">The lease epoch under which the claim was made.</param>
/// <param name="Attempt">1 for the first call to this contact.</param>
/// <param name="Phone">E.164.</param>
/// <param name="DialAt">The slot the pacing gave: the dial does not start earlier.</param>
[GenerateSerializer, Immutable, Alias("campaigns.DialOrder")]
public sealed record DialOrder(
    [property: Id(0)] Guid CampaignContactId,
    [property: Id(1)] Guid CampaignId,
    [property: Id(2)] Guid OrganizationId,
    [property: Id(3)] Guid TaskId,
    [property: Id(4)] long Epoch,
    [property: Id(5)] int Attempt,
    [property: Id(6)] string Phone,
    [property: Id(7)] DateTimeOffset DialAt);

/// <summary>How a dial went, for the campaign's pacing.</summary>
public enum DialResult
{
    /// <summary>The carrier has the call.</summary>
    Placed,

    /// <summary>The claim was no longer valid (paused, lease moved, person busy, do-not-call); nothing was sent.</summary>
    NotPlaced,

    /// <summary>The carrier refused for the moment.</summary>
    RejectedForNow,

    /// <summary>The carrier refused this call.</summary>
    Rejected,

    /// <summary>The carrier refuses the account: the campaign must pause.</summary>
    CarrierUnavailable,

    /// <summary>Nobody knows yet.</summary>
    Unknown,

    /// <summary>The silo of this activation makes no dials; nothing was done. Asked again, another silo may make it.</summary>
    Elsewhere,
}

/// <summary>What a callback, a look-up or a media socket says about one call, in our vocabulary.</summary>
/// <param name="SessionId">The attempt.</param>
/// <param name="Kind">What it says.</param>
/// <param name="Outcome">Set when <paramref name="Kind"/> is <see cref="CarrierReportKind.Ended"/>.</param>
/// <param name="CarrierSid">The carrier's id of the call, if told.</param>
/// <param name="Source">Who told: <c>callback</c>, <c>lookup</c>, <c>media</c>, <c>rescuer</c>.</param>
/// <param name="RecordingUrl">The carrier's recording, if told.</param>
/// <param name="Duration">Conversation time, if told.</param>
/// <param name="Detail">The carrier's own words (status, cause), for people.</param>
[GenerateSerializer, Immutable, Alias("campaigns.CarrierReport")]
public sealed record CarrierReport(
    [property: Id(0)] Guid SessionId,
    [property: Id(1)] CarrierReportKind Kind,
    [property: Id(2)] CallOutcome? Outcome,
    [property: Id(3)] string? CarrierSid,
    [property: Id(4)] string Source,
    [property: Id(5)] string? RecordingUrl = null,
    [property: Id(6)] TimeSpan? Duration = null,
    [property: Id(7)] string? Detail = null);

/// <summary>The kinds of news about a call.</summary>
public enum CarrierReportKind
{
    /// <summary>The carrier knows the call, and it is neither answered nor over.</summary>
    Progress,

    /// <summary>The person answered.</summary>
    Answered,

    /// <summary>The call is over.</summary>
    Ended,
}

/// <summary>What became of a report.</summary>
public enum ReportResult
{
    /// <summary>It changed the record.</summary>
    Applied,

    /// <summary>A repeat, late or unknown: rightly without effect.</summary>
    Ignored,

    /// <summary>There is no such contact or session.</summary>
    NotFound,

    /// <summary>Not legal in the present status.</summary>
    Refused,
}

/// <summary>An operator's correction of an outcome.</summary>
/// <param name="Status">The right terminal status: completed, no answer or failed.</param>
/// <param name="Disposition">The campaign's own word for the result, or null to leave it.</param>
/// <param name="Note">Why, at most 2,000 characters.</param>
/// <param name="By">Who, for the audit log.</param>
[GenerateSerializer, Immutable, Alias("campaigns.DispositionCorrection")]
public sealed record DispositionCorrection(
    [property: Id(0)] ContactStatus Status,
    [property: Id(1)] string? Disposition,
    [property: Id(2)] string? Note,
    [property: Id(3)] string By);
