using System.Diagnostics.Metrics;
using Campaigns.Carrier;
using Campaigns.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Campaigns.Exotel.Tests;

/// <summary>The carrier as a host registers it, with the test's clock, permits and address.</summary>
internal sealed class Rig : IAsyncDisposable
{
    public const string Phone = "+919876543210";

    public static readonly Guid Session = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e");

    private readonly ServiceProvider services;

    public Rig(Uri address, params (string Name, string? Value)[] settings)
    {
        var values = Settings(address);
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        services = new ServiceCollection()
            .AddLogging(b => b.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs))
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<ICarrierPermits>(Permits)
            .AddExotelCarrier(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .BuildServiceProvider(validateScopes: true);
    }

    public FakeClock Clock { get; } = new(new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero));

    public FakePermits Permits { get; } = new();

    public ListLogs Logs { get; } = new();

    public ICarrier Carrier => services.GetRequiredService<ICarrier>();

    public IMeterFactory Meters => services.GetRequiredService<IMeterFactory>();

    public static Dictionary<string, string?> Settings(Uri address) => new(StringComparer.Ordinal)
    {
        ["BaseAddress"] = address.AbsoluteUri,
        ["AccountSid"] = "acme1",
        ["ApiKey"] = "key-k",
        ["ApiToken"] = "token-t",
        ["CallerId"] = "08047112233",
        ["PublicBaseAddress"] = "https://calls.example.org/",
        ["MediaBaseAddress"] = "wss://media.example.org",
    };

    public Task<PlaceCallResult> PlaceAsync(CancellationToken cancellationToken = default, TimeSpan? sendWithin = null)
        => Carrier.PlaceCallAsync(
            new PlaceCallRequest(Session, "tok_en-1", Phone, Clock.GetUtcNow() + (sendWithin ?? TimeSpan.FromMinutes(1))), cancellationToken);

    public ValueTask DisposeAsync() => services.DisposeAsync();
}

/// <summary>Permits that record what they are told.</summary>
internal sealed class FakePermits : ICarrierPermits
{
    public int Free { get; set; } = int.MaxValue;

    public int Taken { get; private set; }

    public List<TimeSpan?> Throttled { get; } = [];

    public Exception? Failure { get; set; }

    public Task<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        if (Taken >= Free)
        {
            return Task.FromResult(false);
        }

        Taken++;
        return Task.FromResult(true);
    }

    public Task ReportThrottledAsync(TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        Throttled.Add(retryAfter);
        return Failure is null ? Task.CompletedTask : Task.FromException(Failure);
    }
}

/// <summary>Logs kept as text, to be searched for what must not be in them.</summary>
internal sealed class ListLogs : ILoggerProvider, ILogger
{
    public System.Collections.Concurrent.ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => Lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
