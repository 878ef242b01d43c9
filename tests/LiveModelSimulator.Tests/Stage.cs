using Campaigns.Testing;

namespace LiveModelSimulator.Tests;

/// <summary>A simulator on a fake clock, and clients over real sockets.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string Developer = "ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
    public const string DeveloperAlpha = "ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent";
    public const string Vertex = "ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent";

    /// <summary>Timers farther ahead than this are not what a test waits for: lifetimes, and time-outs that must not come.</summary>
    private static readonly TimeSpan s_horizon = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly List<LiveClient> _clients = [];

    private Stage(FakeClock clock, LiveModelSimulatorHost host, LiveModelSimulatorOptions options)
    {
        Clock = clock;
        Host = host;
        Options = options;
        Http = new HttpClient { BaseAddress = host.BaseAddress, Timeout = s_patience };
    }

    public FakeClock Clock { get; }

    public LiveModelSimulatorHost Host { get; }

    public LiveModelSimulatorOptions Options { get; }

    public HttpClient Http { get; }

    public static async Task<Stage> SetAsync(Action<LiveModelSimulatorOptions>? change = null)
    {
        var clock = new FakeClock();
        var options = new LiveModelSimulatorOptions { TimeProvider = clock };
        change?.Invoke(options);
        return new Stage(clock, await LiveModelSimulatorHost.StartAsync(options), options);
    }

    /// <summary>The n-th connection, from 1.</summary>
    public SessionEntry Session(int n) => Host.Ledger.Sessions[n - 1];

    public async Task<LiveClient> ConnectAsync(string path = Developer, string? header = null, string? value = null)
    {
        var client = new LiveClient(_clients.Count + 1);
        _clients.Add(client);
        header ??= path == Vertex ? "Authorization" : "x-goog-api-key";
        await client.ConnectAsync(new Uri(Host.WebSocketAddress, path), header, value ?? (path == Vertex ? "Bearer token" : "key"));
        return client;
    }

    /// <summary>Connects and sends the setup of that model; does not wait for setupComplete.</summary>
    public async Task<LiveClient> OpenAsync(string model, string? changes = null, string? prompt = null)
    {
        var client = await ConnectAsync(model == Setups.Vertex ? Vertex : Developer);
        await client.SendAsync(Setups.For(model, changes, prompt));
        return client;
    }

    /// <summary>A session that has been set up.</summary>
    public async Task<LiveClient> BeginAsync(string model, string? changes = null, string? prompt = null)
    {
        var client = await OpenAsync(model, changes, prompt);
        await UntilAsync(client, e => e.SetupCompleteAt is not null, "the setup to be complete");
        await client.WhenAsync(m => m.TryGetProperty("setupComplete", out _), "setupComplete");
        return client;
    }

    /// <summary>A session whose agent has greeted.</summary>
    public async Task<LiveClient> GreetedAsync(string model, string? changes = null, string? prompt = null)
    {
        var client = await BeginAsync(model, changes, prompt);
        await client.TypeAsync("Greet now.");
        await UntilAsync(client, e => e.TurnsEnded == 1, "the greeting to be over");
        return client;
    }

    /// <summary>Speaks, and waits until it has been understood; the clock stands.</summary>
    public async Task SayAsync(LiveClient client, string text)
    {
        var before = Session(client.Number).Heard.Count;
        await client.SpeakAsync(text);
        await WhenAsync(client, e => e.Heard.Count > before, $"'{text}' to be heard");
    }

    /// <summary>Speaks, and lets the clock run until the agent has replied.</summary>
    public async Task ConverseAsync(LiveClient client, string text)
    {
        var turns = Session(client.Number).TurnsEnded;
        await SayAsync(client, text);
        await UntilAsync(client, e => e.TurnsEnded > turns, $"the reply to '{text}' to be over");
    }

    /// <summary>Lets the clock run, timer by timer, until the ledger shows something.</summary>
    public async Task<SessionEntry> UntilAsync(LiveClient client, Predicate<SessionEntry> wanted, string what)
    {
        using var enough = new CancellationTokenSource(s_patience);
        var found = Host.Ledger.WhenAsync(e => e.Sequence == client.Number && wanted(e));
        while (!found.IsCompleted)
        {
            if (Clock.NextDue is { } due && due - Clock.GetUtcNow() <= s_horizon)
            {
                Clock.AdvanceToNext();
                continue;
            }

            var armed = Clock.WhenArmedAsync(
                timers => timers.Any(t => t.Due - Clock.GetUtcNow() <= s_horizon), $"a timer on the way to {what}", s_patience);
            await Task.WhenAny(found, armed);
            Assert.False(enough.IsCancellationRequested || armed.IsFaulted, $"Waited for {what}: {Session(client.Number)}");
        }

        return await found;
    }

    /// <summary>Waits for the ledger to show something that needs no time to pass.</summary>
    public async Task<SessionEntry> WhenAsync(LiveClient client, Predicate<SessionEntry> wanted, string what)
    {
        try
        {
            return await Host.Ledger.WhenAsync(e => e.Sequence == client.Number && wanted(e)).WaitAsync(s_patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Waited for {what}: {Session(client.Number)}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _clients.ForEach(c => c.Dispose());
        await Host.DisposeAsync();
    }
}
