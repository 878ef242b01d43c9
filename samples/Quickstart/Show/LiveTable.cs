using Campaigns;
using Campaigns.Stores;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Quickstart.Show;

/// <summary>The funnel as a table that changes in place, for people.</summary>
internal sealed class LiveTable(Screen screen) : IProgressView
{
    private const int BarWidth = 40;

    public async Task RunAsync(Func<Action<CampaignOverview>, Task> watch)
    {
        screen.HoldWarnings();
        try
        {
            await AnsiConsole.Live(new Text("")).StartAsync(context => watch(now => context.UpdateTarget(Draw(now))));
        }
        finally
        {
            screen.ReleaseWarnings();
        }
    }

    private static Table Draw(CampaignOverview now)
    {
        var funnel = now.Funnel;
        var table = new Table().RoundedBorder().Title(Markup.Escape($"{now.Name} · {now.Status.ToText()}"));
        table.AddColumn("Contacts").AddColumn(new TableColumn("").RightAligned()).AddColumn(new TableColumn("").Width(BarWidth));
        Row("waiting", funnel.Pending, Color.Grey);
        Row("on the line", funnel.InFlight, Color.Yellow);
        Row("completed", funnel.Completed, Color.Green);
        Row("no answer", funnel.NoAnswer, Color.Blue);
        Row("failed", funnel.Failed, Color.Red);
        Row("skipped", funnel.Skipped, Color.Purple);
        if (funnel.Cancelled > 0)
        {
            Row("cancelled", funnel.Cancelled, Color.Purple);
        }

        var pause = now.PauseReason is { } reason ? $" · {reason}" : "";
        return table.Caption(Markup.Escape(
            $"{funnel.Total} contacts · {now.Attempts} attempts · {now.DialsLastMinute} dials in the last minute{pause}\n"
            + $"{now.Conversations} conversations · {now.Callbacks} callbacks promised · {now.OptOuts} opted out"));

        void Row(string name, int count, Color color) => table.AddRow(new Text(name), new Text(count.ToString()), Bar(count, funnel.Total, color));
    }

    private static IRenderable Bar(int count, int total, Color color) =>
        new Text(new string('█', total == 0 ? 0 : (int)Math.Ceiling((double)BarWidth * count / total)), new Style(color));
}
