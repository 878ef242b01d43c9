using System.Diagnostics.Metrics;
using Campaigns.GeminiLive.Platform;
using Campaigns.LiveModel;
using Campaigns.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Campaigns.GeminiLive.Tests.Bed;

/// <summary>The live model as a host registers it, against the test's server and clock.</summary>
internal sealed class Rig : IAsyncDisposable
{
    public const string Live31 = "gemini-3.1-flash-live-preview";
    public const string Native25 = "gemini-2.5-flash-native-audio-preview-12-2025";
    public const string Vertex25 = "gemini-live-2.5-flash-native-audio";

    public static readonly Guid Session = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e");

    public static readonly LiveSetup Setup = new() { SessionId = Session, SystemInstruction = "You are Asha.", Language = "hi-IN" };

    private readonly ServiceProvider services;

    private Rig(ScriptedServer server, (string Name, string? Value)[] settings)
    {
        Server = server;
        var values = Settings(server.Address);
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        services = new ServiceCollection()
            .AddLogging(b => b.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs))
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IAccessTokens>(Tokens)
            .AddGeminiLive(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .BuildServiceProvider(validateScopes: true);
    }

    public ScriptedServer Server { get; }

    public FakeClock Clock { get; } = new(new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero));

    public LogCapture Logs { get; } = new();

    public FakeTokens Tokens { get; } = new();

    public RecordingSink Sink { get; } = new();

    public ILiveModel Model => services.GetRequiredService<ILiveModel>();

    public IExtractor Extractor => services.GetRequiredService<IExtractor>();

    public IMeterFactory Meters => services.GetRequiredService<IMeterFactory>();

    public static Dictionary<string, string?> Settings(Uri address) => new(StringComparer.Ordinal)
    {
        ["BaseAddress"] = address.AbsoluteUri,
        ["Model"] = Live31,
        ["ApiKey"] = "key-k",
        ["ExtractionModel"] = "gemini-3.1-flash-lite",
    };

    public static async Task<Rig> StartAsync(params (string Name, string? Value)[] settings)
        => new(await ScriptedServer.StartAsync(), settings);

    /// <summary>A conversation with its first connection confirmed and the sink attached.</summary>
    public async Task<(ILiveSession Session, Peer Peer)> OpenAsync(LiveSetup? setup = null)
    {
        var opening = Model.OpenAsync(setup ?? Setup, CancellationToken.None);
        var peer = await Server.NextConfirmedAsync();
        var session = await Patience.For(opening, "the session to open");
        session.Attach(Sink);
        return (session, peer);
    }

    /// <summary>Lets the wait before the next attempt pass. Call it once the sink knows of the loss.</summary>
    /// <returns>How long the wait was.</returns>
    public async Task<TimeSpan> PassBackoffAsync()
    {
        await Clock.WhenArmedAsync(armed => armed.Any(IsBackoff), "a wait before a reconnect");
        var due = Clock.Armed.Where(IsBackoff).Min(t => t.Due);
        var wait = due - Clock.GetUtcNow();
        Clock.AdvanceTo(due);
        return wait;

        // Two seconds sharp is the patience for a close frame.
        bool IsBackoff(ArmedTimer timer)
            => timer.Due - Clock.GetUtcNow() is { } left && left > TimeSpan.Zero && left <= TimeSpan.FromSeconds(4) && left != TimeSpan.FromSeconds(2);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await services.DisposeAsync();
    }
}

/// <summary>Tokens of the test.</summary>
internal sealed class FakeTokens : IAccessTokens
{
    public LiveModelException? Failure { get; set; }

    public int Asked { get; private set; }

    public ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        Asked++;
        return Failure is null ? ValueTask.FromResult($"token-{Asked}") : ValueTask.FromException<string>(Failure);
    }
}
