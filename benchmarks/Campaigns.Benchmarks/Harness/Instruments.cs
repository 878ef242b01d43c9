using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Campaigns.Benchmarks.Harness;

/// <summary>What the product's own instruments say, every measurement kept.</summary>
internal sealed class Instruments : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, List<double>> _values = new(StringComparer.Ordinal);

    public Instruments()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name.StartsWith("campaigns.calls.", StringComparison.Ordinal) || instrument.Name == "campaigns.gemini.uplink.latency")
            {
                // Room for the whole run: a list that grows would count as garbage of the product's.
                listener.EnableMeasurementEvents(instrument, _values.GetOrAdd(instrument.Name, _ => new List<double>(1 << 20)));
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, value, _, list) => Keep(list, value));
        _listener.SetMeasurementEventCallback<long>((_, value, _, list) => Keep(list, value));
        _listener.SetMeasurementEventCallback<int>((_, value, _, list) => Keep(list, value));
        _listener.Start();
    }

    /// <summary>Forgets what was measured so far.</summary>
    public void Clear()
    {
        foreach (var list in _values.Values)
        {
            lock (list)
            {
                list.Clear();
            }
        }
    }

    /// <summary>All measurements of an instrument, in no order.</summary>
    public double[] Of(string name)
    {
        if (!_values.TryGetValue(name, out var list))
        {
            return [];
        }

        lock (list)
        {
            return [.. list];
        }
    }

    /// <summary>An observed value, as it is now.</summary>
    public double Observe(string name)
    {
        _listener.RecordObservableInstruments();
        return Of(name).LastOrDefault();
    }

    public void Dispose() => _listener.Dispose();

    private static void Keep(object? list, double value)
    {
        var values = (List<double>)list!;
        lock (values)
        {
            values.Add(value);
        }
    }
}
