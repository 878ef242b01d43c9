using Campaigns;
using Campaigns.Stores;
using Quickstart.Judge;

namespace Quickstart.Show;

/// <summary>The end in words: the funnel, how the last attempts ended, what was said, and what the carrier counted.</summary>
internal static class Summary
{
    public static void Print(Screen screen, CampaignOverview overview, Result result)
    {
        var funnel = overview.Funnel;
        screen.Say();
        screen.Say(result.Promised > 0 && overview.Status == CampaignStatus.Running
            ? $"{overview.Name}: done in {result.Seconds:0.0} s but for {result.Promised} promised callbacks, the first in {Wait(overview.SecondsUntilDue ?? 0)}"
            : $"{overview.Name}: {overview.Status.ToText()} in {result.Seconds:0.0} s");
        screen.Say();
        screen.Say("Funnel");
        Line(screen, "contacts", funnel.Total);
        Line(screen, "  completed", result.Completed);
        if (result.Promised > 0)
        {
            Line(screen, "    to be called again", result.Promised);
        }

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

        screen.Say("Conversations");
        Line(screen, "  with a person", result.Conversations);
        foreach (var (disposition, count) in result.Dispositions.OrderByDescending(d => d.Value))
        {
            Line(screen, $"    {disposition.Replace('_', ' ')}", count);
        }

        Line(screen, "    callbacks promised", result.Callbacks);
        Line(screen, "    opted out", result.OptOuts);
        Line(screen, "  recordings", result.Recordings);
        if (result.AnswerToFirstAudioMsP95 is { } milliseconds)
        {
            screen.Say($"{"  answer to first sound",-26}{milliseconds,6} ms, or less, in 19 of 20 calls");
        }

        screen.Say("Dials");
        Line(screen, "  attempts", result.Attempts);
        Line(screen, "  by the carrier's count", result.CarrierDials);
        Line(screen, "  of them duplicate", result.DuplicateDials);
    }

    private static string Wait(double seconds) =>
        seconds < 7200 ? $"{seconds / 60:0} min" : seconds < 172_800 ? $"{seconds / 3600:0} h" : $"{seconds / 86_400:0} days";

    private static void Line(Screen screen, string name, int count) => screen.Say($"{name,-26}{count,6}");
}
