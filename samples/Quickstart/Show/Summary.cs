using Campaigns;
using Campaigns.Stores;
using Quickstart.Judge;

namespace Quickstart.Show;

/// <summary>The end in words: the funnel, how the last attempts ended, and what the carrier counted.</summary>
internal static class Summary
{
    public static void Print(Screen screen, CampaignOverview overview, Result result)
    {
        var funnel = overview.Funnel;
        screen.Say();
        screen.Say($"{overview.Name}: {overview.Status.ToText()} in {result.Seconds:0.0} s");
        screen.Say();
        screen.Say("Funnel");
        Line(screen, "contacts", funnel.Total);
        Line(screen, "  completed", funnel.Completed);
        Line(screen, "  no answer", funnel.NoAnswer);
        Line(screen, "  failed", funnel.Failed);
        Line(screen, "  skipped", funnel.Skipped);
        if (funnel.Cancelled > 0)
        {
            Line(screen, "  cancelled", funnel.Cancelled);
        }

        screen.Say("Outcome of the last attempt");
        foreach (var (outcome, count) in overview.Outcomes.OrderByDescending(o => o.Value))
        {
            Line(screen, $"  {outcome.ToLowerInvariant().Replace('_', ' ')}", count);
        }

        screen.Say("Dials");
        Line(screen, "  attempts", result.Attempts);
        Line(screen, "  by the carrier's count", result.CarrierDials);
        Line(screen, "  of them duplicate", result.DuplicateDials);
    }

    private static void Line(Screen screen, string name, int count) => screen.Say($"{name,-26}{count,6}");
}
