using System.Collections.Concurrent;
using Campaigns.Benchmarks.Bed;
using Campaigns.Carrier;
using Campaigns.Domain.Contacts;
using Campaigns.Grains;
using Campaigns.Postgres.Campaigns;
using Campaigns.Postgres.Contacts;
using Campaigns.Stores;

namespace Campaigns.Benchmarks.Load;

/// <summary>
/// Dials people as the grains do, but for the carrier: claim, gate and the decision on the carrier's acceptance are the product's own code on the
/// product's own stores, and the call's id is made up.
/// </summary>
internal sealed class CallsInFlight(BenchDatabase database)
{
    private const int PerCampaign = 9_000;
    private const int Claims = 500;
    private const int Connections = 32;

    /// <summary>60,000 calls a minute, and 97 % of the slots in use.</summary>
    private static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(1.1);
    private static readonly TimeSpan LeaseFor = TimeSpan.FromMinutes(30);

    // No look-up comes in between: the carrier that is there knows nothing of these calls.
    private static readonly CallTimings Timings = new() { RingCheckAfter = TimeSpan.FromHours(1), ExpectConversations = false };

    private readonly PostgresCampaignStore _campaigns = new(database.Source, new FrozenSpecs(database.Source));
    private readonly PostgresContactStore _contacts = new(database.Source, new FrozenSpecs(database.Source));
    private readonly List<CampaignLease> _leases = [];

    public IReadOnlyList<Guid> Campaigns => [.. _leases.Select(lease => lease.CampaignId)];

    /// <summary>Makes them, in as few campaigns as the limit of live calls of one allows.</summary>
    public async Task<IReadOnlyList<CallInFlight>> MakeAsync(int count, CancellationToken cancellationToken)
    {
        var calls = new List<CallInFlight>(count);
        while (calls.Count < count)
        {
            calls.AddRange(await DialAsync(Math.Min(PerCampaign, count - calls.Count), cancellationToken));
        }

        return calls;
    }

    /// <summary>Ends the campaigns, so that nobody of theirs is dialled again.</summary>
    public async Task CancelAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        foreach (var campaign in Campaigns)
        {
            await _campaigns.ApplyAsync(campaign, CampaignCommand.Cancel, "done", clock.GetUtcNow(), cancellationToken);
        }
    }

    private async Task<IReadOnlyCollection<CallInFlight>> DialAsync(int count, CancellationToken cancellationToken)
    {
        var campaign = await BenchCampaign.DraftAsync(database, count, PerCampaign);

        // The slots of all dials lie behind us: the claims' clock runs ahead of the machine's, and ends at it.
        var now = TimeProvider.System.GetUtcNow() - (Slot * (count + (2 * Claims)));
        var started = await _campaigns.StartAsync(campaign, now, cancellationToken);
        if (started.Kind != CommandResultKind.Applied)
        {
            throw new InvalidOperationException(started.Message);
        }

        // The lease stays here: the host drives nothing of this campaign, and only takes its news.
        var lease = await _campaigns.TryAcquireLeaseAsync(campaign, "bench", now, LeaseFor, cancellationToken)
            ?? throw new InvalidOperationException("The lease is not to be had.");
        _leases.Add(lease);
        await database.ExecuteAsync("UPDATE carrier_accounts SET next_slot_at = NULL");
        var calls = new ConcurrentBag<CallInFlight>();
        for (var idle = 0; calls.Count < count; now += Slot * Claims)
        {
            var claim = await _campaigns.ClaimAsync(
                new ClaimRequest(lease, now, now + (Slot * Claims), Math.Min(Claims, count - calls.Count)), cancellationToken);
            idle = claim.Orders.IsEmpty ? idle + 1 : 0;
            if (claim.Kind != ClaimResultKind.Claimed || idle > 20)
            {
                throw new InvalidOperationException($"A claim gave {claim.Kind} and nobody after {calls.Count}.");
            }

            await Parallel.ForEachAsync(
                claim.Orders,
                new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = cancellationToken },
                async (order, cancel) => calls.Add(await PlaceAsync(order, cancel)));
        }

        return calls;
    }

    private async Task<CallInFlight> PlaceAsync(DialOrder order, CancellationToken cancellationToken)
    {
        var (now, token, session) = (TimeProvider.System.GetUtcNow(), SessionToken.Create(), Guid.CreateVersion7());
        var opened = await _contacts.OpenSessionAsync(
            new OpenSession(
                order, session, SessionToken.Hash(token), now + Timings.LongestCall, now, now + Timings.SendTimeout, now + Timings.RingCheckAfter,
                now + Timings.LongestCall, "bench"),
            cancellationToken);
        var call = new CallInFlight(session, token, Guid.NewGuid().ToString("N"), order.Phone);
        return opened == OpenSessionResult.Opened
            && await _contacts.LoadAsync(order.CampaignContactId, cancellationToken) is { } contact
            && ContactLifecycle.OnPlaceResult(contact, new PlaceCallResult.Accepted(call.CallSid), Timings, now) is ContactDecision.Apply placed
            && await _contacts.ApplyAsync(placed.Change, cancellationToken)
            ? call
            : throw new InvalidOperationException($"The dial was not let through: {opened}.");
    }
}
