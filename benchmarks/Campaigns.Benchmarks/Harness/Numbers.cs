using System.Globalization;

namespace Campaigns.Benchmarks.Harness;

/// <summary>Numbers with three significant digits, which is more than they deserve.</summary>
internal static class Numbers
{
    public static string Text(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}
