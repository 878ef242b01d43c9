using System.Globalization;

namespace Campaigns.Benchmarks.Harness;

/// <summary>Numbers with three significant digits, which is more than they deserve.</summary>
internal static class Numbers
{
    public static string Text(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 1 or 0 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    /// <summary>The smallest value that this share of all does not exceed; none of none.</summary>
    public static double Percentile(IReadOnlyCollection<double> values, double share)
        => values.Count == 0 ? double.NaN : values.Order().ElementAt((int)Math.Ceiling(share * values.Count) - 1);
}
