using Campaigns.Simulation.Virtual;

namespace Campaigns.Simulation.Faults;

/// <summary>How bad the surroundings of one run are. Every kind of trouble is absent in many runs, so that each is met alone as well.</summary>
internal sealed record Weather
{
    /// <summary>For how long anything goes wrong.</summary>
    public required TimeSpan Storm { get; init; }

    /// <summary>A dial's request is lost on the way, its answer is lost, or a 5xx comes back, whether or not the phone rings.</summary>
    public double Ambiguous { get; init; }

    public double Refused { get; init; }

    public double Throttled { get; init; }

    public double AccountRefused { get; init; }

    /// <summary>A call that rings and that no search ever finds.</summary>
    public double Unlisted { get; init; }

    public double CallbackLost { get; init; }

    public double CallbackDoubled { get; init; }

    public double CallbackLate { get; init; }

    /// <summary>
    /// Most by which a process's clock is wrong for good, either way. Silos whose clocks differ by more than a dial may be late give each other's
    /// claims back for ever: clocks kept by a time service are far closer.
    /// </summary>
    public TimeSpan Skew { get; init; }

    /// <summary>Most by which a clock jumps; it is right again, but for its skew, when the storm is over.</summary>
    public TimeSpan Jump { get; init; }

    /// <summary>Most by which any two clocks ever differ.</summary>
    public TimeSpan ClockSpread => (Skew + Jump) * 2;

    public int ClockJumps { get; init; }

    public int DatabaseRestarts { get; init; }

    public int CarrierOutages { get; init; }

    public int Storms429 { get; init; }

    /// <summary>How often the live model refuses a session for want of quota.</summary>
    public int ModelRefusals { get; init; }

    public int Duplicates { get; init; }

    public int Joins { get; init; }

    public int Drains { get; init; }

    public int Pauses { get; init; }

    public double Cancel { get; init; }

    public int OptOuts { get; init; }

    public int Edits { get; init; }

    public double SlowCall { get; init; }

    public static Weather Draw(Dice dice)
    {
        var jumps = dice.Chance(0.3) ? dice.Between(1, 3) : 0;
        return new Weather
        {
            Storm = dice.Seconds(20, 60),
            Ambiguous = Maybe(dice, 0.4),
            Refused = Maybe(dice, 0.2),
            Throttled = Maybe(dice, 0.4),
            AccountRefused = dice.Chance(0.2) ? 0.04 : 0,
            Unlisted = dice.Chance(0.3) ? 0.5 : 0,
            CallbackLost = dice.Chance(0.2) ? 1 : Maybe(dice, 0.7),
            CallbackDoubled = Maybe(dice, 0.5),
            CallbackLate = Maybe(dice, 0.5),
            Skew = dice.Chance(0.4) ? dice.Seconds(0, 0.2) : TimeSpan.Zero,
            Jump = jumps > 0 ? dice.Seconds(0.2, 1.5) : TimeSpan.Zero,
            ClockJumps = jumps,
            DatabaseRestarts = dice.Chance(0.3) ? dice.Between(1, 2) : 0,
            CarrierOutages = dice.Chance(0.3) ? 1 : 0,
            Storms429 = dice.Chance(0.2) ? 1 : 0,
            ModelRefusals = dice.Chance(0.3) ? dice.Between(1, 4) : 0,
            Duplicates = dice.Chance(0.4) ? dice.Between(1, 4) : 0,
            Joins = dice.Chance(0.3) ? dice.Between(1, 2) : 0,
            Drains = dice.Chance(0.3) ? dice.Between(1, 2) : 0,
            Pauses = dice.Chance(0.4) ? dice.Between(1, 3) : 0,
            Cancel = dice.Chance(0.3) ? 0.5 : 0,
            OptOuts = dice.Chance(0.3) ? dice.Between(1, 3) : 0,
            Edits = dice.Chance(0.3) ? dice.Between(1, 3) : 0,
            SlowCall = Maybe(dice, 0.1),
        };
    }

    private static double Maybe(Dice dice, double most) => dice.Chance(0.5) ? dice.Share() * most : 0;
}
