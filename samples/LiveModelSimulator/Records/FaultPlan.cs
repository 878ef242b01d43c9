using System.Globalization;

namespace LiveModelSimulator;

/// <summary>The faults of one session.</summary>
internal sealed class FaultPlan
{
    public static readonly FaultPlan None = new(new Dictionary<string, int>(StringComparer.Ordinal));

    private readonly Dictionary<string, int> _faults;

    private FaultPlan(Dictionary<string, int> faults) => _faults = faults;

    public IReadOnlyList<string> Names => [.. _faults.Keys];

    /// <summary>The turn that mid-turn faults strike.</summary>
    public int Turn => Value(Faults.Turn) ?? 2;

    public bool Has(string name) => _faults.ContainsKey(name);

    /// <summary>The fault's number; null if the session does not have it.</summary>
    public int? Value(string name) => _faults.TryGetValue(name, out var value) ? value : null;

    public FaultPlan With(FaultPlan other) =>
        new(_faults.Concat(other._faults).DistinctBy(f => f.Key).ToDictionary(StringComparer.Ordinal));

    /// <summary>Reads "name,name=number,…".</summary>
    /// <exception cref="FormatException">There is no such fault, or its number is none.</exception>
    public static FaultPlan Parse(string text)
    {
        var faults = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, number) = item.Split('=', 2) is [var left, var right] ? (left, right) : (item, null);
            var row = Faults.Rows.FirstOrDefault(r => r.Name == name) ?? throw new FormatException($"There is no fault {name}.");
            if (number is null)
            {
                faults[name] = row.Default;
            }
            else if (row.Value is not null && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                faults[name] = value;
            }
            else
            {
                throw new FormatException($"{name} does not take '{number}'.");
            }
        }

        return new FaultPlan(faults);
    }
}
