using Orleans.SingleProcess;

namespace Orleans.Runtime;

/// <summary>Values that flow with grain calls, copied at each call; changes made by the callee do not come back.</summary>
public static class RequestContext
{
    private static readonly AsyncLocal<Dictionary<string, object>?> Values = new();

    /// <summary>The names of the values set.</summary>
    public static IEnumerable<string> Keys => Values.Value?.Keys ?? Enumerable.Empty<string>();

    /// <summary>The values set.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Entries => Values.Value ?? Enumerable.Empty<KeyValuePair<string, object>>();

    /// <summary>The value of that name, or null.</summary>
    public static object? Get(string key) => Values.Value?.GetValueOrDefault(key);

    /// <summary>Sets a value for this flow of execution and the calls it makes.</summary>
    public static void Set(string key, object value)
    {
        // Copied on write: flows that branched off keep what they saw.
        var values = Values.Value is { } old ? new Dictionary<string, object>(old) : new Dictionary<string, object>(1);
        values[key] = value;
        Values.Value = values;
    }

    /// <summary>Removes a value; false when there was none.</summary>
    public static bool Remove(string key)
    {
        if (Values.Value is not { } old || !old.ContainsKey(key))
        {
            return false;
        }

        var values = new Dictionary<string, object>(old);
        values.Remove(key);
        Values.Value = values.Count == 0 ? null : values;
        return true;
    }

    /// <summary>Removes every value.</summary>
    public static void Clear() => Values.Value = null;

    internal static Dictionary<string, object>? Export()
    {
        if (Values.Value is not { Count: > 0 } values)
        {
            return null;
        }

        var copy = new Dictionary<string, object>(values.Count);
        foreach (var (key, value) in values)
        {
            copy[key] = Copier.Copy(value)!;
        }

        return copy;
    }

    internal static void Import(Dictionary<string, object>? values)
    {
        if (values is not null || Values.Value is not null)
        {
            Values.Value = values;
        }
    }
}
