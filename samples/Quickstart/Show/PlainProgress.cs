using Campaigns;
using Campaigns.Stores;

namespace Quickstart.Show;

/// <summary>A line at most every two seconds, for pipes and logs.</summary>
internal sealed class PlainProgress(Screen screen, TimeProvider clock) : IProgressView
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private long? _last;

    public Task RunAsync(Func<Action<CampaignOverview>, Task> watch) => watch(Show);

    private void Show(CampaignOverview now)
    {
        if (_last is { } last && clock.GetElapsedTime(last) < Pause)
        {
            return;
        }

        _last = clock.GetTimestamp();
        var f = now.Funnel;
        screen.Say(
            $"{now.Status.ToText()}: {f.Total} contacts, {f.Pending} waiting, {f.InFlight} on the line, {f.Completed} completed, "
            + $"{f.NoAnswer} no answer, {f.Failed} failed, {f.Skipped} skipped; {now.Conversations} conversations; {now.DialsLastMinute} dials in the last minute");
    }
}
