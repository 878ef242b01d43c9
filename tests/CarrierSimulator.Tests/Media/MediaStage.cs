using System.Net;
using System.Net.Http.Headers;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CarrierSimulator.Tests;

/// <summary>
/// A simulator whose people speak and hear in real time, with ringing cut to nothing, and a media server that takes their streams.
/// </summary>
internal sealed class MediaStage : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly Channel<AgentSession> _sessions = Channel.CreateUnbounded<AgentSession>();
    private readonly CarrierSimulatorOptions _options;
    private readonly HttpClient _client;
    private int _next;

    private MediaStage(WebApplication server, CarrierSimulatorOptions options, CarrierSimulatorHost carrier, Receiver receiver)
    {
        _server = server;
        _options = options;
        Carrier = carrier;
        Receiver = receiver;
        _client = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("key:token"u8));
    }

    public CarrierSimulatorHost Carrier { get; private set; }

    public Receiver Receiver { get; }

    /// <summary>What the media server does with a handshake before it accepts it; true if that was all.</summary>
    public Func<HttpContext, Task<bool>> Handshake { get; set; } = _ => Task.FromResult(false);

    /// <summary>Runs each session, beside receiving. Without one, sessions are taken with <see cref="NextAsync"/>.</summary>
    public Func<AgentSession, Task>? Agent { get; set; }

    public string MediaUrl =>
        _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
            .Replace("http", "ws", StringComparison.Ordinal) + "/media";

    public static async Task<MediaStage> SetAsync(Action<CarrierSimulatorOptions>? change = null)
    {
        var options = new CarrierSimulatorOptions { Media = true, Speed = 1000, CallsPerMinute = null, CallbackRetryDelay = TimeSpan.Zero };
        change?.Invoke(options);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        var receiver = await Receiver.StartAsync();
        var stage = new MediaStage(server, options, await CarrierSimulatorHost.StartAsync(options), receiver);
        server.UseWebSockets();
        server.Run(stage.AcceptAsync);
        await server.StartAsync();
        return stage;
    }

    /// <summary>Calls a number and gives back the Sid.</summary>
    public async Task<string> DialAsync(string number, string query = "", params IEnumerable<(string Name, string Value)> more)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["From"] = number,
            ["CallerId"] = Stage.ExoPhone,
            ["StreamUrl"] = MediaUrl + query,
            ["StreamType"] = "bidirectional",
            ["StatusCallback"] = Receiver.Url.ToString(),
        };
        foreach (var (name, value) in more)
        {
            fields[name] = value;
        }

        using var form = new FormUrlEncodedContent(fields);
        using var response = await _client.PostAsync(new Uri(Carrier.BaseAddress, Stage.Account + "Calls/connect.json"), form);
        return (await Stage.JsonAsync(response, 200)).GetProperty("Call").GetProperty("Sid").GetString()!;
    }

    /// <summary>Puts a person at a number of its own and calls them.</summary>
    public Task<string> DialAsync(Func<Person> person, string query = "", params IEnumerable<(string Name, string Value)> more)
    {
        var number = $"+9198765{Interlocked.Increment(ref _next):000}12";
        Carrier.People.Put(number, person);
        return DialAsync(number, query, more);
    }

    /// <summary>The next stream that was opened, once <c>start</c> is there.</summary>
    public async Task<AgentSession> NextAsync(bool started = true)
    {
        var session = await _sessions.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        if (started)
        {
            await session.Started;
        }

        return session;
    }

    public Task<Conversation> WhenAsync(string sid, Predicate<Conversation> wanted) =>
        Carrier.Conversations.WhenAsync(c => c.CallSid == sid && wanted(c)).WaitAsync(TimeSpan.FromSeconds(45));

    /// <summary>The whole conversation, once the call has ended.</summary>
    public async Task<Conversation> EndAsync(string sid) =>
        (await Carrier.Ledger.WhenAsync(e => e.CallSid == sid && e.EndedAt is not null).WaitAsync(TimeSpan.FromSeconds(45))).Conversation!;

    public async Task RestartAsync()
    {
        await Carrier.DisposeAsync();
        Carrier = await CarrierSimulatorHost.StartAsync(_options);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Carrier.DisposeAsync();
        using var now = new CancellationTokenSource(0);
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    private async Task AcceptAsync(HttpContext context)
    {
        if (await Handshake(context))
        {
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var session = new AgentSession(socket, context.Request.Path + context.Request.QueryString);
        var receiving = session.ReceiveAsync();
        if (Agent is { } agent)
        {
            await agent(session);
        }
        else
        {
            _sessions.Writer.TryWrite(session);
        }

        await receiving;
    }
}

/// <summary>Listens, and keeps the phone for a test to use.</summary>
internal sealed class Listener : Person
{
    private readonly TaskCompletionSource<IPhone> _phone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs when the line is there.</summary>
    public Action<IPhone>? Then { get; init; }

    public override TimeSpan? Patience => TimeSpan.FromMinutes(5);

    public override void Answered(IPhone phone)
    {
        Then?.Invoke(phone);
        _phone.TrySetResult(phone);
    }
}
