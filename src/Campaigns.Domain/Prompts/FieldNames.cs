using Campaigns.Domain.Import;

namespace Campaigns.Domain.Prompts;

/// <summary>Known names of fields.</summary>
internal sealed class FieldNames
{
    private readonly Dictionary<string, string> _byKey = [];

    internal FieldNames(IEnumerable<string> names)
    {
        foreach (var name in names.Where(n => FieldKey.Of(n).Length > 0))
        {
            _byKey.TryAdd(FieldKey.Of(name), name);
        }
    }

    internal bool Contains(string name) => _byKey.ContainsKey(FieldKey.Of(name)) || CallFields.OwnKey(name) is not null;

    /// <summary>The known name that differs least, if it differs little; null otherwise.</summary>
    internal string? Nearest(string name)
    {
        var key = FieldKey.Of(name);
        var best = _byKey
            .Select(k => (Distance: Distance(key, k.Key), Name: k.Value))
            .OrderBy(n => n.Distance).ThenBy(n => n.Name, StringComparer.Ordinal)
            .FirstOrDefault((Distance: int.MaxValue, Name: ""));
        return best.Distance <= Math.Max(2, key.Length / 3) && best.Distance < key.Length ? best.Name : null;
    }

    // Insertions, deletions and replacements from one to the other.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
