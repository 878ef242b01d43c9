using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Campaigns.Stores;
using Campaigns.Telemetry;

namespace Campaigns.Grains;

/// <summary>
/// Traces and measures of the campaigns driven in this process. Every tag takes one of a few values, but for the id of a campaign at what is the campaign's
/// own: its lines, as long as it is driven here.
/// </summary>
internal static class DriveTelemetry
{
    /// <summary>Name of the activity source and the meter.</summary>
    public const string Name = "Campaigns.Drive";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);
    private static readonly ConcurrentDictionary<Guid, ClaimLines> Driven = new();

    private static readonly Histogram<double> Claims = Meter.CreateHistogram(
        "campaigns.claim.duration", "s", "Time of a claim, by result; its count is the number of claims.", tags: null, HistogramBuckets.Requests);

    private static readonly Counter<long> Orders = Meter.CreateCounter<long>("campaigns.claim.orders", "{call}", "Dials that claims gave.");

    private static readonly Counter<long> Dials = Meter.CreateCounter<long>("campaigns.dials", "{call}", "Dials, by what came of them.");

    private static readonly Histogram<double> Lateness = Meter.CreateHistogram(
        "campaigns.dial.lateness", "s", "From the slot of a dial to its beginning.", tags: null, HistogramBuckets.Requests);

    private static readonly Histogram<double> SetUps = Meter.CreateHistogram(
        "campaigns.call.setup.duration", "s", "From the dial to the answer, where a conversation is expected to its media stream.", tags: null,
        HistogramBuckets.Calls);

    private static readonly Counter<long> Outcomes = Meter.CreateCounter<long>(
        "campaigns.outcomes", "{call}", "Attempts and inbound calls that ended, by outcome and direction.");

    private static readonly Counter<long> Conflicts = Meter.CreateCounter<long>(
        "campaigns.conflicts", "{conflict}", "Decisions about a contact lost to another write, and made again.");

    private static readonly Counter<long> Leases = Meter.CreateCounter<long>(
        "campaigns.lease.changes", "{lease}", "Leases of campaigns taken, lost, handed over and let go by this process.");

    private static readonly Counter<long> Trips = Meter.CreateCounter<long>(
        "campaigns.breaker.trips", "{trip}", "Campaigns paused because their calls failed.");

    static DriveTelemetry()
    {
        Meter.CreateObservableGauge(
            "campaigns.campaign.in_flight", () => OfDriven(lines => lines.InFlight), "{call}",
            "Lines that a campaign driven here held after its last claim.");
        Meter.CreateObservableGauge(
            "campaigns.campaign.limit", () => OfDriven(lines => lines.Limit), "{call}",
            "Lines that a campaign driven here might have held at its last claim.");
        Meter.CreateObservableGauge(
            "campaigns.permits.rate_factor", RateFactor, "1",
            "Share of the account's rates in use after the carrier refused, as the last claims here saw it; 1 normally.");
    }

    public static void OnClaim(Guid campaign, ClaimResult? claim, TimeSpan elapsed)
    {
        Claims.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("result", claim?.Kind.ToText() ?? "FAILED"));
        if (claim is not null)
        {
            Orders.Add(claim.Orders.Length);
        }

        if (claim?.Lines is { } lines)
        {
            Driven[campaign] = lines;
        }
    }

    /// <summary>The campaign is not driven here any more.</summary>
    public static void OnLeft(Guid campaign) => Driven.TryRemove(campaign, out _);

    public static void OnDial(DialResult result) => Dials.Add(1, new KeyValuePair<string, object?>("result", result.ToText()));

    public static void OnDialBegun(TimeSpan late) => Lateness.Record(late.TotalSeconds);

    /// <summary>A call that was dialled has been answered.</summary>
    public static void OnAnswered(TimeSpan elapsed) => SetUps.Record(elapsed.TotalSeconds);

    /// <summary>A change of a contact has been written.</summary>
    /// <param name="before">Its session before.</param>
    /// <param name="change">What changed of it.</param>
    /// <param name="tellsAnswer">Whether nobody else tells when a call is answered.</param>
    public static void OnChanged(SessionRecord? before, SessionChange? change, bool tellsAnswer)
    {
        if (tellsAnswer && change is { AnsweredAt: { } answered } && before is { AnsweredAt: null } dialled && before.Id == change.SessionId)
        {
            OnAnswered(answered - dialled.StartedAt);
        }

        if (change?.Outcome is { } outcome)
        {
            OnOutcome(outcome, "outbound");
        }
    }

    public static void OnOutcome(CallOutcome outcome, string direction)
        => Outcomes.Add(1, new("outcome", outcome.ToText()), new("direction", direction));

    public static void OnConflict() => Conflicts.Add(1);

    public static void OnLease(string change) => Leases.Add(1, new KeyValuePair<string, object?>("change", change));

    public static void OnTrip() => Trips.Add(1);

    private static IEnumerable<Measurement<double>> RateFactor()
        => Driven.Values.Select(lines => lines.RateFactor).Order().Take(1).Select(least => new Measurement<double>(least));

    private static IEnumerable<Measurement<int>> OfDriven(Func<ClaimLines, int> value)
        => Driven.Select(d => new Measurement<int>(value(d.Value), new KeyValuePair<string, object?>(SessionTrace.CampaignId, d.Key.ToString())));
}
