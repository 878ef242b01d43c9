using Campaigns.Carrier;
using Campaigns.Stores;

namespace Campaigns.Grains.Tests.Bed;

/// <summary>
/// Follows the tape: which claims are on their way to the carrier and which activations drive. From that it knows whether everything that
/// began has come to an end or to a point where the test holds it. Asked and told under the tape's lock.
/// </summary>
internal sealed class Progress(WatchedClock clock)
{
    private readonly Dictionary<Guid, OrderTrack> _orders = [];
    private readonly Dictionary<Guid, OrderTrack> _bySession = [];
    private readonly Dictionary<string, string> _drivers = [];
    private readonly HashSet<string> _dead = [];

    private enum Phase
    {
        Waiting,
        OnItsWay,
        Answered,
        Over,
    }

    /// <summary>How many activations hold a lease as far as they know.</summary>
    public int Drivers => _drivers.Count;

    /// <summary>Whether nothing moves any more before the clock does.</summary>
    public bool IsSettled(IReadOnlyList<PortCall> calls)
    {
        var open = calls.Where(c => !c.Ended && !_dead.Contains(c.Silo)).ToList();
        if (open.Exists(c => !c.Held))
        {
            return false;
        }

        // A tick that the test holds in the middle waits for no next one.
        var held = open.Count(c => c.Method.StartsWith("CampaignStore.", StringComparison.Ordinal));
        var now = clock.GetUtcNow();
        return clock.WaitingTicks + held >= _drivers.Count
            && _orders.Values.All(o => o.Phase == Phase.Over || (o.Phase == Phase.Waiting && o.Order.DialAt > now) || IsHeld(o, open));
    }

    /// <summary>Nothing of this silo will ever end.</summary>
    public void OnKilled(string silo)
    {
        _dead.Add(silo);
        foreach (var order in _orders.Values.Where(o => o.Silo == silo || o.DialSilo == silo))
        {
            order.Phase = Phase.Over;
        }

        foreach (var driver in _drivers.Where(d => d.Value == silo).ToList())
        {
            _drivers.Remove(driver.Key);
        }
    }

    /// <summary>The activations that drive are gone: claims that wait for their slot are dialled by nobody.</summary>
    public void OnDriverKilled()
    {
        _drivers.Clear();
        foreach (var order in _orders.Values.Where(o => o.Phase == Phase.Waiting))
        {
            order.Phase = Phase.Over;
        }
    }

    public void Follow(PortCall call)
    {
        if (_dead.Contains(call.Silo))
        {
            return;
        }

        if (call.Ended)
        {
            OnEnded(call);
        }
        else if (call.Method == "ContactStore.OpenSessionAsync" && call.Argument<OpenSession>() is var open && Find(open.Order.TaskId) is { } order)
        {
            (order.Phase, order.DialSilo) = (Phase.OnItsWay, call.Silo);
            _bySession[open.SessionId] = order;
        }
    }

    private void OnEnded(PortCall call)
    {
        switch (call.Method, call.Result)
        {
            case ("CampaignStore.TryAcquireLeaseAsync", CampaignLease lease):
                _drivers[lease.Owner] = call.Silo;
                break;
            case ("CampaignStore.ReleaseLeaseAsync" or "CampaignStore.HandOverLeaseAsync", _):
            case ("CampaignStore.RenewLeaseAsync", false):
                _drivers.Remove(call.Argument<CampaignLease>().Owner);
                break;
            case ("CampaignStore.ClaimAsync", ClaimResult claim):
                foreach (var order in claim.Orders)
                {
                    _orders[order.TaskId] = new OrderTrack(order, call.Silo);
                }

                break;
            case ("ContactStore.OpenSessionAsync", OpenSessionResult.ClaimGone):
                Over(Find(call.Argument<OpenSession>().Order.TaskId));
                break;
            case ("ContactStore.ReleaseClaimAsync" or "ContactStore.SkipClaimAsync", _):
                Over(Find((Guid)call.Arguments[1]!));
                break;
            case ("Carrier.PlaceCallAsync", PlaceCallResult) when _bySession.GetValueOrDefault(call.Argument<PlaceCallRequest>().SessionId) is { } order:
                order.Phase = Phase.Answered;
                break;
            case ("ContactStore.ApplyAsync", true) when call.Argument<ContactChange>().Session is { } change:
                OverIfAnswered(change.SessionId);
                break;
            case ("ContactStore.LoadAsync", ContactRecord { Session: { State: SessionState.Ended } or { CarrierSid: not null } } contact):
                // The callback was faster: the answer has nothing left to tell.
                OverIfAnswered(contact.Session!.Id);
                break;
            default:
                break;
        }
    }

    private static bool IsHeld(OrderTrack order, List<PortCall> open) => open.Exists(c => c.Arguments.Any(a => a switch
    {
        OpenSession s => s.Order.TaskId == order.Order.TaskId,
        PlaceCallRequest r => r.Phone == order.Order.Phone,
        ContactChange c => c.ContactId == order.Order.CampaignContactId,
        Guid id => id == order.Order.CampaignContactId,
        _ => false,
    }));

    private void OverIfAnswered(Guid session)
    {
        if (_bySession.GetValueOrDefault(session) is { Phase: Phase.Answered } order)
        {
            Over(order);
        }
    }

    private OrderTrack? Find(Guid taskId) => _orders.GetValueOrDefault(taskId);

    private static void Over(OrderTrack? order) => order?.Phase = Phase.Over;

    private sealed class OrderTrack(DialOrder order, string silo)
    {
        internal DialOrder Order { get; } = order;

        internal string Silo { get; } = silo;

        internal string DialSilo { get; set; } = silo;

        internal Phase Phase { get; set; }
    }
}
