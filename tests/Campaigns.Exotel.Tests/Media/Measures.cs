using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Campaigns.Exotel.Tests.Media;

/// <summary>Sums of one host's measures, by name and tags.</summary>
internal sealed class Measures : IDisposable
{
    private readonly ConcurrentDictionary<string, long> sums = new(StringComparer.Ordinal);
    private readonly List<(string Name, long Value, TaskCompletionSource Reached)> waits = [];
    private readonly MeterListener listener = new();

    public Measures(IServiceProvider services)
    {
        var scope = services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == ExotelTelemetry.Name && ReferenceEquals(instrument.Meter.Scope, scope))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(Name(instrument, tags), value));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(Name(instrument, tags), 1));
        listener.Start();
    }

    /// <summary>Everything counted under names that begin so, without what came back to zero.</summary>
    public string[] Of(string prefix)
        => [.. sums.Where(s => s.Value != 0 && s.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(s => $"{s.Key}: {s.Value}").Order(StringComparer.Ordinal)];

    /// <summary>The sum under a name such as <c>refused reason=used</c>.</summary>
    public long this[string name] => sums.GetValueOrDefault(name);

    /// <summary>Completes when the sum is this.</summary>
    public async Task WhenAsync(string name, long value)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (waits)
        {
            waits.Add((name, value, reached));
            Look();
        }

        try
        {
            await reached.Task.WaitAsync(MediaRig.Patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Waited for {name}: {value}; counted: {string.Join(", ", Of(""))}.", e);
        }
    }

    public void Dispose() => listener.Dispose();

    private static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name.Replace("campaigns.exotel.media.", "", StringComparison.Ordinal);
        foreach (var (key, value) in tags)
        {
            name += $" {key}={value}";
        }

        return name;
    }

    private void Add(string name, long value)
    {
        sums.AddOrUpdate(name, value, (_, sum) => sum + value);
        lock (waits)
        {
            Look();
        }
    }

    private void Look()
    {
        foreach (var (name, value, reached) in waits)
        {
            if (this[name] == value)
            {
                reached.TrySetResult();
            }
        }
    }
}
