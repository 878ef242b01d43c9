using System.Net;
using System.Threading.Channels;
using Campaigns.Calls;
using Campaigns.Carrier;
using Campaigns.Exotel.Media;
using Campaigns.Stores;
using Campaigns.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Campaigns.Exotel.Tests.Media;

/// <summary>The media endpoints on a real server, with a clock, stores and calls of the test's own.</summary>
internal sealed class MediaRig : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication app;
    private readonly List<FakeCarrier> carriers = [];

    private MediaRig(bool logging, (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (logging)
        {
            builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs);
        }

        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<ISessionGates>(Gates)
            .AddSingleton<IInboundGates>(Gates)
            .AddSingleton<IMediaCalls>(Calls)
            .AddSingleton<IMediaGate>(Gate)
            .AddExotelMedia(new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build());
        app = builder.Build();
        app.MapExotelMedia();
        Gates.Add(Session, Token, Clock.GetUtcNow().AddHours(2));
    }

    public FakeClock Clock { get; } = new(new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero));

    public FakeGates Gates { get; } = new();

    public FakeCalls Calls { get; } = new();

    public FakeGate Gate { get; } = new();

    public Measures Measures { get; private set; } = null!;

    public ListLogs Logs { get; } = new();

    public Guid Session { get; } = Guid.NewGuid();

    public string Token { get; } = SessionToken.Create();

    public IReadOnlyList<Endpoint> Endpoints => app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    public Uri Address => new(app.Urls.Single());

    public IHostApplicationLifetime Lifetime => app.Lifetime;

    public string Path => PathOf(Session, Token);

    public static string PathOf(Guid session, string token) => $"/media/exotel/{session:D}/{token}";

    public static async Task<MediaRig> StartAsync(params (string Name, string Value)[] settings)
    {
        var rig = new MediaRig(logging: true, settings);
        rig.Measures = new Measures(rig.app.Services);
        await rig.app.StartAsync();
        return rig;
    }

    /// <summary>Without logs and measures, whose text would be counted as the product's memory.</summary>
    public static async Task<MediaRig> StartSilentAsync(params (string Name, string Value)[] settings)
    {
        var rig = new MediaRig(logging: false, settings);
        await rig.app.StartAsync();
        return rig;
    }

    /// <summary>Opens the socket.</summary>
    public async Task<FakeCarrier> ConnectAsync(string? path = null)
    {
        var carrier = await FakeCarrier.ConnectAsync(new Uri(Address, path ?? Path));
        carriers.Add(carrier);
        return carrier;
    }

    /// <summary>Opens the socket, begins the stream, and waits for the call.</summary>
    public async Task<(FakeCarrier Carrier, FakeCall Call)> TalkAsync(string? path = null, string? start = null)
    {
        var carrier = await ConnectAsync(path);
        await carrier.SendAsync("""{"event":"connected"}""");
        await carrier.SendAsync(start ?? Messages.Start());
        return (carrier, await Calls.NextAsync());
    }

    /// <summary>The status with which the upgrade is answered.</summary>
    public async Task<HttpStatusCode> UpgradeStatusAsync(string? path = null)
    {
        var (carrier, status) = await FakeCarrier.TryConnectAsync(new Uri(Address, path ?? Path));
        carrier?.Dispose();
        return status;
    }

    /// <summary>Another session with a secret of its own.</summary>
    public string AddSession()
    {
        var (session, token) = (Guid.NewGuid(), SessionToken.Create());
        Gates.Add(session, token, Clock.GetUtcNow().AddHours(2));
        return PathOf(session, token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var carrier in carriers)
        {
            carrier.Dispose();
        }

        await app.StopAsync().WaitAsync(Patience);
        await app.DisposeAsync();
        Measures?.Dispose();
    }
}

/// <summary>Secrets in memory.</summary>
internal sealed class FakeGates : ISessionGates, IInboundGates
{
    private readonly Dictionary<Guid, SessionGate> sessions = [];
    private readonly Dictionary<Guid, byte[]> agents = [];

    public Exception? Failure { get; set; }

    public bool Hang { get; set; }

    public void Add(Guid session, string token, DateTimeOffset expires, bool used = false)
        => sessions[session] = new SessionGate(session, Guid.NewGuid(), SessionToken.Hash(token), expires, used);

    public void AddAgent(Guid agent, string secret) => agents[agent] = SessionToken.Hash(secret);

    public Task<SessionGate?> FindGateAsync(Guid sessionId, CancellationToken cancellationToken)
        => AnswerAsync(sessions.GetValueOrDefault(sessionId));

    public Task<byte[]?> FindInboundHashAsync(Guid agentId, CancellationToken cancellationToken)
        => AnswerAsync(agents.GetValueOrDefault(agentId));

    private Task<T> AnswerAsync<T>(T answer)
        => Failure is { } failure ? Task.FromException<T>(failure) : Hang ? new TaskCompletionSource<T>().Task : Task.FromResult(answer);
}

/// <summary>Counts who is in; refuses whom the test says.</summary>
internal sealed class FakeGate : IMediaGate
{
    private int inside;

    public HashSet<CallDirection> Refused { get; } = [];

    public int Inside => Volatile.Read(ref inside);

    public IDisposable? TryEnter(CallDirection direction)
    {
        if (Refused.Contains(direction))
        {
            return null;
        }

        Interlocked.Increment(ref inside);
        return new Entry(this);
    }

    private sealed class Entry(FakeGate gate) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref gate.inside);
    }
}

/// <summary>Calls that record what they hear, unless the test says what they do.</summary>
internal sealed class FakeCalls : IMediaCalls
{
    private readonly Channel<FakeCall> calls = System.Threading.Channels.Channel.CreateUnbounded<FakeCall>();

    /// <summary>What a call does; null: it runs its leg to the end.</summary>
    public Func<FakeCall, Task<string?>>? Run { get; set; }

    public async Task<FakeCall> NextAsync()
    {
        using var patience = new CancellationTokenSource(MediaRig.Patience);
        try
        {
            return await calls.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException("No call began.", e);
        }
    }

    public Task<string?> RunAsync(Guid sessionId, IMediaLeg leg, CancellationToken cancellationToken)
        => RunAsync(new FakeCall(sessionId, leg, Inbound: false, cancellationToken));

    public Task<string?> RunInboundAsync(Guid agentId, IMediaLeg leg, CancellationToken cancellationToken)
        => RunAsync(new FakeCall(agentId, leg, Inbound: true, cancellationToken));

    private async Task<string?> RunAsync(FakeCall call)
    {
        calls.Writer.TryWrite(call);
        if (Run is { } run)
        {
            return await run(call);
        }

        call.Ending.TrySetResult(await call.Leg.RunAsync(call.Sink, call.Stopping));
        return null;
    }
}

/// <summary>One call.</summary>
internal sealed record FakeCall(Guid Id, IMediaLeg Leg, bool Inbound, CancellationToken Stopping)
{
    public RecordingSink Sink { get; } = new();

    public TaskCompletionSource<MediaEnd> Ending { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<MediaEnd> EndAsync()
    {
        try
        {
            return await Ending.Task.WaitAsync(MediaRig.Patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException("The media leg did not end.", e);
        }
    }
}
