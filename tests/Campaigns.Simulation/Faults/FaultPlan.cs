using Campaigns.Simulation.Virtual;
using Orleans.SingleProcess;

namespace Campaigns.Simulation.Faults;

/// <summary>What goes wrong with one call of a port.</summary>
internal enum Fault
{
    None,

    /// <summary>The process dies, and what it asked for never happens.</summary>
    CrashBefore,

    /// <summary>The process dies with its request under way: it happens afterwards.</summary>
    CrashInFlight,

    /// <summary>It happens, and the process dies before it hears the answer.</summary>
    CrashAfter,

    /// <summary>The process stands still before it asks, and asks when it wakes.</summary>
    FreezeBefore,

    /// <summary>The process stands still before it hears the answer.</summary>
    FreezeAfter,

    /// <summary>The port fails, and nothing happened.</summary>
    FailBefore,

    /// <summary>The port fails, and it happened all the same.</summary>
    FailAfter,
}

/// <summary>The faults of one run, drawn from its seed: at the how manieth call of which port, before which turn.</summary>
internal sealed class FaultPlan
{
    private readonly List<(PortMethod Method, int Number, Fault Fault)> _atCalls = [];
    private readonly List<(long Number, TurnFate Fate)> _atTurns = [];
    private readonly int[] _calls = new int[Enum.GetValues<PortMethod>().Length];
    private long _turns;

    /// <summary>Until when anything is planned; nothing goes wrong afterwards.</summary>
    public required long Until { get; init; }

    public static FaultPlan Draw(Dice dice, long until)
    {
        var plan = new FaultPlan { Until = until };
        for (var n = dice.Below(4); n > 0; n--)
        {
            plan.Add(dice, dice.Below(3) switch { 0 => Fault.CrashBefore, 1 => Fault.CrashInFlight, _ => Fault.CrashAfter });
        }

        for (var n = dice.Below(3); n > 0; n--)
        {
            // Whoever stands still here wakes with a lease that is another's by then.
            PortMethod? fenced = dice.Chance(0.6) ? dice.Pick([PortMethod.Claim, PortMethod.Claim, PortMethod.OpenSession, PortMethod.PlaceCall]) : null;
            plan.Add(dice, dice.Chance(0.7) ? Fault.FreezeBefore : Fault.FreezeAfter, fenced);
        }

        for (var n = dice.Below(6); n > 0; n--)
        {
            plan.Add(dice, dice.Chance(0.5) ? Fault.FailBefore : Fault.FailAfter);
        }

        for (var n = dice.Below(3); n > 0; n--)
        {
            plan._atTurns.Add((dice.Below(dice.Chance(0.5) ? 500 : 6000), dice.Chance(0.5) ? TurnFate.KillSilo : TurnFate.KillActivation));
        }

        return plan;
    }

    public Fault Next(PortMethod method, long now)
    {
        var fault = Peek(method, now);
        _calls[(int)method]++;
        return fault;
    }

    /// <summary>What the next call of a port will meet.</summary>
    public Fault Peek(PortMethod method, long now)
    {
        var number = _calls[(int)method];
        if (now < Until)
        {
            foreach (var planned in _atCalls)
            {
                if (planned.Method == method && planned.Number == number)
                {
                    return planned.Fault;
                }
            }
        }

        return Fault.None;
    }

    public TurnFate NextTurn(long now)
    {
        var number = _turns++;
        if (now < Until)
        {
            foreach (var planned in _atTurns)
            {
                if (planned.Number == number)
                {
                    return planned.Fate;
                }
            }
        }

        return TurnFate.Run;
    }

    /// <summary>Every port alike, so that rare calls are met as often as frequent ones; early calls more often than late ones.</summary>
    private void Add(Dice dice, Fault fault, PortMethod? method = null)
        => _atCalls.Add((method ?? (PortMethod)dice.Below(_calls.Length), dice.Below(dice.Chance(0.5) ? 4 : 60), fault));
}
