using Campaigns.Domain.Pacing;

namespace Campaigns.DomainTests;

/// <summary>An account, its organizations and their campaigns in simulated time, each campaign with ticks of its own.</summary>
internal sealed class PermitSimulation(AccountPermits account)
{
    public static readonly DateTimeOffset Epoch = PacingSimulation.Epoch;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private readonly List<Organization> _organizations = [];
    private readonly List<Campaign> _campaigns = [];

    public AccountPermits Account { get; set; } = account;

    public List<DateTimeOffset> Slots { get; } = [];

    public Func<Campaign, TimeSpan> CallLength { get; set; } = _ => TimeSpan.FromSeconds(30);

    public Organization AddOrganization(int lines, int weight = 1)
    {
        var organization = new Organization(new Guid(_organizations.Count + 1, 1, 0, new byte[8]), lines, weight);
        _organizations.Add(organization);
        return organization;
    }

    public Campaign Add(Organization organization, int weight = 1, double phase = 0, int maxConcurrent = 10_000, int rate = 60_000)
    {
        var campaign = new Campaign(new Guid(_campaigns.Count + 1, 0, 0, new byte[8]), organization, weight, maxConcurrent, rate)
        {
            NextTick = Epoch + (phase * Tick),
        };
        _campaigns.Add(campaign);
        return campaign;
    }

    /// <summary>Runs every tick before a time, in their order.</summary>
    public void RunUntil(DateTimeOffset end)
    {
        while (_campaigns.MinBy(c => c.NextTick) is { } next && next.NextTick < end)
        {
            Claim(next, next.NextTick);
            next.NextTick += Tick;
        }
    }

    private void Claim(Campaign campaign, DateTimeOffset now)
    {
        _campaigns.ForEach(c => c.Hang(now));
        if (!campaign.Drives)
        {
            return;
        }

        var plan = PermitPlan.Of(new PermitRequest
        {
            Account = Account,
            Nodes = [.. _campaigns.Select(c => c.Node(now))],
            CampaignId = campaign.Id,
            MaxConcurrent = campaign.MaxConcurrent,
            CallsPerMinute = campaign.Rate,
            Dispatched = 0,
            RanFor = TimeSpan.FromDays(1),
            NextSlotAt = campaign.NextSlotAt,
            Promised = Math.Min(campaign.Promised, 100),
            Now = now,
            Horizon = now + Tick,
            MaxBatch = 100,
        });
        var promised = Math.Min(campaign.Promised, plan.Dials.Slots.Length);
        var ordinary = Math.Clamp(plan.Dials.Ordinary - promised, 0, campaign.Waiting);
        var used = promised + ordinary;
        var left = (Promised: campaign.Promised - promised, Waiting: Math.Min(100, campaign.Waiting - ordinary));
        var after = plan.After(used, left.Promised + left.Waiting, left.Promised);
        foreach (var slot in plan.Dials.Slots.Take(used))
        {
            Slots.Add(slot);
            campaign.Dial(slot, CallLength(campaign));
        }

        campaign.PromisedDialled += promised;
        campaign.Apply(after, now + PermitTree.Remembered(Tick), promised, ordinary);
        campaign.LimitedBy = plan.Dials.LimitedBy;
        Account = Account with { NextSlotAt = after.Account.NextSlotAt, OpenSlots = after.Account.Open, Clock = after.AccountClock };
        AssertCaps(campaign.Organization);
    }

    private void AssertCaps(Organization organization)
    {
        var live = _campaigns.Where(c => c.Organization == organization).Sum(c => c.InFlight);
        Assert.True(live <= organization.Lines, $"{live} live calls of an organization that may have {organization.Lines}.");
        Assert.All(_campaigns, c => Assert.True(c.InFlight <= c.MaxConcurrent, "More live calls than the campaign may have."));
        Assert.True(
            Account.MaxConcurrent is not { } cap || _campaigns.Sum(c => c.InFlight) <= cap, "More live calls than the account may have.");
    }

    internal sealed record Organization(Guid Id, int Lines, int Weight);

    internal sealed class Campaign(Guid id, Organization organization, int weight, int maxConcurrent, int rate)
    {
        private readonly PriorityQueue<DateTimeOffset, DateTimeOffset> _ends = new();
        private PermitWait _wait;
        private DateTimeOffset _waitUntil;
        private double _clock;

        public Guid Id => id;

        public Organization Organization => organization;

        public int MaxConcurrent => maxConcurrent;

        public int Rate => rate;

        public DateTimeOffset NextTick { get; set; }

        public DateTimeOffset? NextSlotAt { get; private set; }

        public bool Drives { get; set; } = true;

        public int Waiting { get; set; } = int.MaxValue;

        public int Promised { get; set; }

        public int PromisedDialled { get; set; }

        public PacingLimit LimitedBy { get; set; }

        public List<DateTimeOffset> Dials { get; } = [];

        /// <summary>The lengths of all its calls together.</summary>
        public TimeSpan Talked { get; set; }

        public int InFlight => _ends.Count;

        public PermitNode Node(DateTimeOffset now)
        {
            var wait = _waitUntil > now ? _wait : default;
            return new PermitNode
            {
                CampaignId = id,
                OrganizationId = organization.Id,
                Weight = weight,
                OrganizationWeight = organization.Weight,
                OrganizationLines = organization.Lines,
                InFlight = InFlight,
                WantedLines = wait.Lines,
                WantedSlots = wait.Slots,
                WantedPromised = wait.Promised,
                Clock = _clock,
            };
        }

        public void Dial(DateTimeOffset slot, TimeSpan length)
        {
            Dials.Add(slot);
            Talked += length;
            _ends.Enqueue(slot + length, slot + length);
        }

        public void Apply(PermitOutcome outcome, DateTimeOffset until, int promised, int ordinary)
        {
            (NextSlotAt, _clock, _wait, _waitUntil) = (outcome.NextSlotAt, outcome.Clock, outcome.Wait, until);
            Promised -= promised;
            Waiting = Waiting == int.MaxValue ? Waiting : Waiting - ordinary;
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
