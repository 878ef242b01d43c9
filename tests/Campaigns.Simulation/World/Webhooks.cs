using Campaigns.Grains;
using Campaigns.Simulation.Virtual;

namespace Campaigns.Simulation.World;

/// <summary>The carrier's callbacks on their way to any silo: lost, doubled, late, and sent again when nobody takes them.</summary>
internal sealed class Webhooks(SimulatedWorld world, Dice dice)
{
    private const int Tries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    public void Tell(LedgerEntry entry, CarrierReportKind kind, CallOutcome? outcome)
    {
        var weather = world.Scenario.Weather;
        if (!world.IsCalm && dice.Chance(weather.CallbackLost))
        {
            world.Trace.Say($"callback lost: {entry.Sid} {kind}");
            return;
        }

        var copies = !world.IsCalm && dice.Chance(weather.CallbackDoubled) ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            var wait = !world.IsCalm && dice.Chance(weather.CallbackLate) ? dice.Seconds(1, 40) : dice.Milliseconds(0, 300);
            world.Kernel.After(wait, () => Deliver(entry, kind, outcome, 1));
        }
    }

    private void Deliver(LedgerEntry entry, CarrierReportKind kind, CallOutcome? outcome, int attempt)
    {
        var taken = false;
        if (world.AnyOpenSilo() is { } silo && world.Database.TrySession(entry.SessionId, out var session))
        {
            var report = new CarrierReport(entry.SessionId, kind, outcome, entry.Sid, "callback");
            var contact = session.Contact.Id;
            _ = silo.Tasks.Run(async () =>
            {
                try
                {
                    var result = await silo.Reports.DeliverAsync(contact, report, CancellationToken.None);
                    world.Trace.Say($"{silo.Name} takes callback {entry.Sid} {kind}: {result}");
                    taken = true;
                }
                catch (Exception error) when (error is not OutOfMemoryException)
                {
                    world.Trace.Say($"{silo.Name} answers callback {entry.Sid} {kind} with 500: {error.Message}");
                }
            });
        }

        world.Kernel.After(
            Patience,
            () =>
            {
                if (!taken && attempt < Tries)
                {
                    Deliver(entry, kind, outcome, attempt + 1);
                }
            });
    }
}
