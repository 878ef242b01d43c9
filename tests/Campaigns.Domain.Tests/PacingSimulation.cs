using Campaigns.Domain.Pacing;

namespace Campaigns.DomainTests;

/// <summary>One carrier account and the campaigns on it, in simulated time.</summary>
internal sealed class PacingSimulation(int accountRate, int organizationCap)
{
    public static readonly DateTimeOffset Epoch = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private DateTimeOffset? _accountNext;

    public double Factor { get; set; } = 1;

    public DateTimeOffset? BlockedUntil { get; set; }

    public List<DateTimeOffset> AccountSlots { get; } = [];

    private List<Campaign> All { get; } = [];

    public Campaign Add(int maxConcurrent, int rate)
    {
        var campaign = new Campaign(maxConcurrent, rate);
        All.Add(campaign);
        return campaign;
    }

    /// <summary>Plans one tick and dials as many of the slots as there are <paramref name="waiting"/> contacts.</summary>
    public PacingPlan Tick(Campaign campaign, DateTimeOffset now, TimeSpan ahead, int waiting, int batch, Func<TimeSpan> callLength)
    {
        All.ForEach(c => c.Hang(now));
        var input = new PacingInput
        {
            MaxConcurrent = campaign.MaxConcurrent,
            OrganizationCap = organizationCap,
            InFlight = campaign.InFlight,
            OrganizationInFlight = All.Sum(c => c.InFlight),
            CallsPerMinute = campaign.Rate,
            Dispatched = campaign.Slots.Count,
            RanFor = campaign.RanFor,
            NextSlotAt = campaign.NextSlotAt,
            AccountCallsPerMinute = accountRate,
            AccountNextSlotAt = _accountNext,
            AccountRateFactor = Factor,
            AccountBlockedUntil = BlockedUntil,
            Now = now,
            Horizon = now + ahead,
            MaxBatch = batch,
        };
        var plan = Pacing.Plan(input);
        var used = plan.Slots.AsSpan()[..Math.Min(waiting, plan.Slots.Length)];
        (campaign.NextSlotAt, _accountNext) = Pacing.After(input, used);
        foreach (var slot in used)
        {
            campaign.Dial(slot, callLength());
            AccountSlots.Add(slot);
        }

        foreach (var slot in plan.Slots)
        {
            Assert.True(slot >= now && slot <= now + ahead, "A slot before now or beyond the horizon.");
            Assert.True(slot.Ticks % TimeSpan.TicksPerMicrosecond == 0, "A slot that the database would round.");
        }

        Assert.True(campaign.InFlight <= campaign.MaxConcurrent, "More live calls than the campaign may have.");
        Assert.True(All.Sum(c => c.InFlight) <= organizationCap, "More live calls than the organization may have.");
        return plan;
    }

    /// <summary>No minute, wherever it begins, holds more than the rate, even when dials leave up to 1.8 s after their slots.</summary>
    public static void AssertRate(IEnumerable<DateTimeOffset> slots, int rate)
    {
        var ordered = slots.Order().ToList();
        var late = TimeSpan.FromSeconds(1.8);
        for (var i = 0; i + rate < ordered.Count; i++)
        {
            var distance = ordered[i + rate] - ordered[i];
            if (distance <= TimeSpan.FromMinutes(1) + late)
            {
                Assert.Fail($"{rate + 1} slots within {distance} from {ordered[i]:O} at {rate} a minute.");
            }
        }
    }

    internal sealed class Campaign(int maxConcurrent, int rate)
    {
        private readonly PriorityQueue<DateTimeOffset, DateTimeOffset> _ends = new();

        public int MaxConcurrent => maxConcurrent;

        public int Rate => rate;

        public TimeSpan RanFor { get; set; }

        public DateTimeOffset? NextSlotAt { get; set; }

        public List<DateTimeOffset> Slots { get; } = [];

        public int InFlight => _ends.Count;

        public void Dial(DateTimeOffset slot, TimeSpan length)
        {
            Slots.Add(slot);
            _ends.Enqueue(slot + length, slot + length);
        }

        public void Hang(DateTimeOffset now)
        {
            while (_ends.TryPeek(out var end, out _) && end <= now)
            {
                _ends.Dequeue();
            }
        }
    }
}
