namespace Campaigns.Domain.Pacing;

/// <summary>A plan of one campaign's next dials within the tree of its account.</summary>
public sealed class PermitPlan
{
    private readonly PermitRequest request;
    private readonly double start;

    private PermitPlan(PermitRequest request, PermitNode self)
    {
        this.request = request;
        var account = request.Account;
        View = PermitTree.View(request.Nodes, request.CampaignId, request.MaxConcurrent, account.OutboundLines, request.Now);
        start = ShareClock.Start(self.Clock, self.WantedSlots > 0, account.Clock);
        var tick = request.Horizon - request.Now;
        var slots = tick / Pacing.Spacing(account.CallsPerMinute, account.RateFactor);
        Input = new PacingInput
        {
            MaxConcurrent = request.MaxConcurrent,
            OrganizationCap = self.OrganizationLines,
            InFlight = self.InFlight,
            OrganizationInFlight = View.OrganizationInFlight,
            CallsPerMinute = request.CallsPerMinute,
            Dispatched = request.Dispatched,
            RanFor = request.RanFor,
            NextSlotAt = request.NextSlotAt,
            AccountCallsPerMinute = account.CallsPerMinute,
            AccountNextSlotAt = account.NextSlotAt,
            AccountOpenSlots = account.OpenSlots,
            AccountRateFactor = account.RateFactor,
            AccountBlockedUntil = account.BlockedUntil,
            AccountFreeLines = account.OutboundCap - View.AccountInFlight,
            ModelFreeLines = account.ModelLines - account.Inbound - View.AccountInFlight,
            LineShare = View.LineShare,
            SlotShare = ShareClock.Allowance(start, View.Weight, slots, View.Rivals),
            WantedElsewhere = View.WantedElsewhere,
            PromisedElsewhere = View.PromisedElsewhere,
            Promised = request.Promised,
            Now = request.Now,

            // What one leaves to another must not have passed by the time that one looks, up to a tick later.
            Horizon = View.Rivals.IsEmpty ? request.Horizon : request.Horizon + tick,
            MaxBatch = request.MaxBatch,
        };
        Dials = Pacing.Plan(Input);
    }

    /// <summary>What the tree leaves to the campaign.</summary>
    public PermitView View { get; }

    /// <summary>What the slots were planned from.</summary>
    public PacingInput Input { get; }

    /// <summary>The slots.</summary>
    public PacingPlan Dials { get; }

    /// <summary>Lines that the campaign may hold at this moment: its own maximum, its share, and what others leave.</summary>
    public int LineLimit
    {
        get
        {
            var free = Math.Min(
                Input.OrganizationCap - View.OrganizationInFlight,
                Math.Min(Input.AccountFreeLines ?? int.MaxValue, Input.ModelFreeLines ?? int.MaxValue));
            return Math.Max(0, Math.Min(Math.Min(Input.MaxConcurrent, View.LineShare), Input.InFlight + Math.Max(0, free)));
        }
    }

    /// <summary>Plans.</summary>
    /// <exception cref="ArgumentException">The campaign is not among the nodes.</exception>
    public static PermitPlan Of(PermitRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var self = request.Nodes.FirstOrDefault(n => n.CampaignId == request.CampaignId)
            ?? throw new ArgumentException($"Campaign {request.CampaignId} is not among the account's.", nameof(request));
        return new PermitPlan(request, self);
    }

    /// <summary>What is left behind once some of the slots have been used.</summary>
    /// <param name="used">How many, from the first.</param>
    /// <param name="candidatesLeft">Contacts that are due and were not looked at.</param>
    /// <param name="promisedLeft">Promised callbacks among those.</param>
    public PermitOutcome After(int used, int candidatesLeft, int promisedLeft)
    {
        var slots = Dials.Slots.AsSpan(0, used);
        var clocks = ShareClock.After(start, View.Weight, used, request.Account.Clock, View.Rivals);
        return new PermitOutcome(
            Pacing.After(Input, slots).NextSlotAt, Pacing.AccountAfter(Input, slots), clocks.Campaign, clocks.Account,
            PermitWait.After(Dials, used, candidatesLeft, promisedLeft, request.MaxBatch));
    }
}
