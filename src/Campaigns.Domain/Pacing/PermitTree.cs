using System.Collections.Immutable;

namespace Campaigns.Domain.Pacing;

/// <summary>A campaign among those of a carrier account, with what it holds and what it waits for.</summary>
public sealed record PermitNode
{
    /// <summary>The campaign.</summary>
    public required Guid CampaignId { get; init; }

    /// <summary>Its organization.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>Its weight within the organization, ≥ 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The organization's weight within the account, ≥ 1.</summary>
    public int OrganizationWeight { get; init; } = 1;

    /// <summary>Lines the organization has for outbound calls, see <see cref="PermitTree.OutboundLines"/>.</summary>
    public required int OrganizationLines { get; init; }

    /// <summary>Contacts between claim and terminal event.</summary>
    public required int InFlight { get; init; }

    /// <summary>Dials that lacked only a line at its last claim; 0 when that is too long ago.</summary>
    public int WantedLines { get; init; }

    /// <summary>Slots it asks for, see <see cref="PermitWait.Slots"/>; 0 when that is too long ago.</summary>
    public int WantedSlots { get; init; }

    /// <summary>Promised callbacks among those dials.</summary>
    public int WantedPromised { get; init; }

    /// <summary>Its <see cref="ShareClock"/>.</summary>
    public double Clock { get; init; }
}

/// <summary>What the tree leaves to one campaign.</summary>
public sealed record PermitView
{
    /// <summary>Most live calls of the campaign while others wait for lines; its own maximum when nobody does.</summary>
    public required int LineShare { get; init; }

    /// <summary>Live calls of the organization's campaigns.</summary>
    public required int OrganizationInFlight { get; init; }

    /// <summary>Live calls of the account's campaigns.</summary>
    public required int AccountInFlight { get; init; }

    /// <summary>Promised callbacks of the organization's other campaigns that wait for a line or a slot.</summary>
    public required int PromisedElsewhere { get; init; }

    /// <summary>The campaign's weight among all of the account that wait.</summary>
    public required double Weight { get; init; }

    /// <summary>Slots of the account that others wait for.</summary>
    public required int WantedElsewhere { get; init; }

    /// <summary>The others of the account that wait for slots.</summary>
    public required ImmutableArray<SlotRival> Rivals { get; init; }
}

/// <summary>
/// Carrier account → organizations → campaigns: who has how many lines. A campaign's demand is what it holds and what it lately waited for, so what
/// a campaign cannot use is the others', and is its own again as calls end once it asks for it.
/// </summary>
public static class PermitTree
{
    /// <summary>How long a wait counts after it was told: three ticks and a second. Whoever is gone does not hold up the others.</summary>
    /// <param name="tick">Time from one claim of the campaign to the next.</param>
    public static TimeSpan Remembered(TimeSpan tick) => (3 * tick) + TimeSpan.FromSeconds(1);

    /// <summary>Lines left to outbound calls: inbound calls take theirs first, and what is reserved for them is nobody else's.</summary>
    /// <param name="lines">Live calls allowed in all.</param>
    /// <param name="inboundReserve">Lines kept free for inbound calls.</param>
    /// <param name="inbound">Live inbound calls.</param>
    public static int OutboundLines(int lines, int inboundReserve, int inbound) => Math.Max(0, lines - Math.Max(inboundReserve, inbound));

    /// <summary>What the tree leaves to a campaign.</summary>
    /// <param name="nodes">The account's campaigns that hold or want something, this one among them.</param>
    /// <param name="campaignId">The campaign.</param>
    /// <param name="maxConcurrent">Its own maximum of live calls.</param>
    /// <param name="accountLines">Lines of the account for outbound calls; null without a limit.</param>
    /// <param name="now">Decides whose turn it is where shares are broken numbers.</param>
    /// <exception cref="ArgumentException">The campaign is not among the nodes.</exception>
    public static PermitView View(
        IReadOnlyCollection<PermitNode> nodes, Guid campaignId, int maxConcurrent, int? accountLines, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var self = nodes.FirstOrDefault(n => n.CampaignId == campaignId)
            ?? throw new ArgumentException($"Campaign {campaignId} is not among the account's.", nameof(nodes));
        var siblings = nodes.Where(n => n.OrganizationId == self.OrganizationId).OrderBy(n => n.CampaignId).ToList();
        return new PermitView
        {
            LineShare = LineShare(nodes, siblings, self, maxConcurrent, accountLines, FairShare.Phase(now)),
            OrganizationInFlight = siblings.Sum(n => n.InFlight),
            AccountInFlight = nodes.Sum(n => n.InFlight),
            PromisedElsewhere = siblings.Where(n => n != self).Sum(n => n.WantedPromised),
            WantedElsewhere = nodes.Where(n => n != self).Aggregate(0, (sum, n) => Math.Min(PermitWait.Endless, sum + n.WantedSlots)),
            Weight = Flat(self, nodes, self),
            Rivals = [.. nodes.Where(n => n != self && n.WantedSlots > 0).Select(n => new SlotRival(Flat(n, nodes, self), n.Clock))],
        };
    }

    private static int LineShare(
        IReadOnlyCollection<PermitNode> nodes, List<PermitNode> siblings, PermitNode self, int maxConcurrent, int? accountLines, double phase)
    {
        var organizationLines = self.OrganizationLines;
        if (accountLines is { } lines)
        {
            var organizations = nodes.GroupBy(n => n.OrganizationId).OrderBy(g => g.Key).ToList();
            var claims = organizations.Select(g => new Claimant(
                g.First().OrganizationWeight, Math.Min(g.First().OrganizationLines, g.Sum(n => Demand(n, self, maxConcurrent))))).ToArray();
            var mine = organizations.FindIndex(g => g.Key == self.OrganizationId);
            organizationLines = FairShare.Whole(FairShare.Divide(lines, claims), phase)[mine];
        }

        var demands = siblings.Select(n => new Claimant(n.Weight, Demand(n, self, maxConcurrent))).ToArray();
        return FairShare.Whole(FairShare.Divide(organizationLines, demands), phase)[siblings.IndexOf(self)];
    }

    private static double Demand(PermitNode node, PermitNode self, int maxConcurrent)
        => node == self ? Math.Max(maxConcurrent, node.InFlight) : node.InFlight + node.WantedLines;

    // An organization's weight is divided among those of its campaigns that wait: more campaigns do not make more of it.
    private static double Flat(PermitNode node, IReadOnlyCollection<PermitNode> nodes, PermitNode self)
        => (double)node.OrganizationWeight * node.Weight
            / nodes.Where(n => n.OrganizationId == node.OrganizationId && (n == self || n == node || n.WantedSlots > 0)).Sum(n => n.Weight);
}
