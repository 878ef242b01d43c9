using Campaigns.Carrier;
using Campaigns.Grains;
using Campaigns.Simulation.Virtual;

namespace Campaigns.Simulation.World;

/// <summary>How the carrier takes a dial.</summary>
internal enum DialFate
{
    Accepted,
    RequestLost,
    AnswerLost,
    BrokenAfterPlacing,
    BrokenBeforePlacing,
    Throttled,
    Refused,
    AccountRefused,
}

/// <summary>One dial as the carrier saw it.</summary>
internal sealed class LedgerEntry(int number, Guid sessionId, string phone, long at)
{
    public int Number { get; } = number;

    public string Sid { get; } = $"sid-{number}";

    public Guid SessionId { get; } = sessionId;

    public string Phone { get; } = phone;

    /// <summary>Ticks of the kernel at which the request arrived.</summary>
    public long At { get; } = at;

    /// <summary>When a search lists it: the carrier is slow with new calls.</summary>
    public long ListedAt { get; set; }

    public CarrierReportKind Kind { get; set; } = CarrierReportKind.Progress;

    public CallOutcome? Outcome { get; set; }

    public bool IsLive => Outcome is null;

    public DateTimeOffset CreatedAt => new(Ticks(VirtualClock.Start.Ticks + At), TimeSpan.Zero);

    private static long Ticks(long ticks) => ticks - (ticks % TimeSpan.TicksPerSecond);
}

/// <summary>The carrier: rings phones, keeps the ledger by which the product is judged, and tells of its calls when it feels like it.</summary>
internal sealed class LedgerCarrier(SimulatedWorld world, Dice dice)
{
    private readonly Dictionary<string, LedgerEntry> _bySid = new(StringComparer.Ordinal);

    /// <summary>Every call that rang a phone, in order.</summary>
    public List<LedgerEntry> Ledger { get; } = [];

    /// <summary>Requests refused.</summary>
    public int Refusals { get; private set; }

    public DialFate DrawFate()
    {
        var weather = world.Scenario.Weather;
        if (world.IsCalm)
        {
            return DialFate.Accepted;
        }

        if (world.IsThrottling || dice.Chance(weather.Throttled))
        {
            return DialFate.Throttled;
        }

        if (dice.Chance(weather.Ambiguous))
        {
            return (DialFate)dice.Between((int)DialFate.RequestLost, (int)DialFate.BrokenBeforePlacing);
        }

        return dice.Chance(weather.Refused) ? DialFate.Refused : dice.Chance(weather.AccountRefused) ? DialFate.AccountRefused : DialFate.Accepted;
    }

    public PlaceCallResult Place(PlaceCallRequest request, DialFate fate)
    {
        if (fate is DialFate.Accepted or DialFate.AnswerLost or DialFate.BrokenAfterPlacing)
        {
            var entry = Ring(request);
            return fate == DialFate.BrokenAfterPlacing
                ? new PlaceCallResult.Ambiguous("503")
                : new PlaceCallResult.Accepted(entry.Sid);
        }

        Refusals++;
        return fate switch
        {
            DialFate.Throttled => new PlaceCallResult.RejectedForNow(dice.Chance(0.5) ? dice.Seconds(0.5, 4) : null, "429"),
            DialFate.Refused => new PlaceCallResult.Rejected("400"),
            DialFate.AccountRefused => new PlaceCallResult.CarrierUnavailable("402"),
            _ => new PlaceCallResult.Ambiguous("500"),
        };
    }

    public IReadOnlyList<CarrierCall> LookUp(IReadOnlyCollection<string> sids)
        => [.. sids.Where(_bySid.ContainsKey).Select(sid => Seen(_bySid[sid]))];

    public IReadOnlyList<CarrierCall> Find(string phone, DateTimeOffset from, DateTimeOffset to)
        => [.. Ledger.Where(e => e.Phone == phone && e.ListedAt <= world.Kernel.Now && e.CreatedAt >= from && e.CreatedAt <= to).Select(Seen)];

    private static CarrierCall Seen(LedgerEntry entry) => new(
        entry.Sid, entry.Phone, entry.Kind, entry.Outcome, entry.CreatedAt, null, null, entry.Outcome?.ToText());

    private LedgerEntry Ring(PlaceCallRequest request)
    {
        var entry = new LedgerEntry(Ledger.Count + 1, request.SessionId, request.Phone, world.Kernel.Now)
        {
            ListedAt = !world.IsCalm && dice.Chance(world.Scenario.Weather.Unlisted) ? long.MaxValue : world.Kernel.Now + dice.Milliseconds(0, 4000).Ticks,
        };
        Ledger.Add(entry);
        _bySid.Add(entry.Sid, entry);
        world.Trace.Say($"carrier rings {world.Words(request.SessionId)} as {entry.Sid}");
        world.Judge.OnRung(entry);
        var ringing = dice.Seconds(0.2, 8);
        switch (dice.Below(10))
        {
            case < 6:
                world.Kernel.After(ringing, () => Change(entry, CarrierReportKind.Answered, null));
                world.Kernel.After(ringing + dice.Seconds(0.5, 12), () => Change(entry, CarrierReportKind.Ended, CallOutcome.Completed));
                break;
            case 6 or 7:
                world.Kernel.After(ringing, () => Change(entry, CarrierReportKind.Ended, CallOutcome.NoAnswer));
                break;
            case 8:
                world.Kernel.After(ringing, () => Change(entry, CarrierReportKind.Ended, CallOutcome.Busy));
                break;
            default:
                world.Kernel.After(ringing, () => Change(entry, CarrierReportKind.Ended, CallOutcome.Failed));
                break;
        }

        return entry;
    }

    private void Change(LedgerEntry entry, CarrierReportKind kind, CallOutcome? outcome)
    {
        (entry.Kind, entry.Outcome) = (kind, outcome);
        world.Trace.Say($"carrier: {entry.Sid} {kind} {outcome}");
        world.Webhooks.Tell(entry, kind, outcome);
    }
}
