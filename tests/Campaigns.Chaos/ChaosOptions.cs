using System.Globalization;

namespace Campaigns.Chaos;

/// <summary>What the command line says.</summary>
public sealed record ChaosOptions
{
    public const string Usage =
        """
        Campaigns.Chaos [--rounds N] [--seed S] [--minutes M] [--logs FILE]
          --rounds   how many rounds at most; 10
          --seed     what the schedule is drawn from; by the clock
          --minutes  no round begins after this many minutes; no limit
          --logs     where the carrier's ledger and what the hosts wrote go
        """;

    public int Rounds { get; init; } = 10;

    public int Seed { get; init; } = Environment.TickCount & 0xFFFF;

    public double? Minutes { get; init; }

    public string? Logs { get; init; }

    /// <summary>Null when it is not understood.</summary>
    public static ChaosOptions? Parse(string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var options = new ChaosOptions();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length)
            {
                return null;
            }

            var value = arguments[i + 1];
            var known = arguments[i] switch
            {
                "--rounds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds > 0 => options with { Rounds = rounds },
                "--seed" when int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed) => options with { Seed = seed },
                "--minutes" when double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var minutes) && minutes > 0 =>
                    options with { Minutes = minutes },
                "--logs" => options with { Logs = value },
                _ => null,
            };
            if (known is null)
            {
                return null;
            }

            options = known;
        }

        return options;
    }
}
