using System.Net.Http.Headers;
using System.Text.Json;
using Campaigns.Testing;

namespace CarrierSimulator.Tests;

/// <summary>A simulator on a fake clock, a callback endpoint, and a client with the right credentials, all over real sockets.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string Account = "v1/Accounts/campaigns1/";
    public const string ExoPhone = "08047191234";

    private Stage(FakeClock clock, Receiver receiver, CarrierSimulatorHost carrier, CarrierSimulatorOptions options)
    {
        Clock = clock;
        Receiver = receiver;
        Carrier = carrier;
        Options = options;
        Client = ClientFor(carrier);
    }

    public FakeClock Clock { get; }

    public Receiver Receiver { get; }

    public CarrierSimulatorHost Carrier { get; private set; }

    public CarrierSimulatorOptions Options { get; }

    public HttpClient Client { get; private set; }

    public Ledger Ledger => Carrier.Ledger;

    public static async Task<Stage> SetAsync(Action<CarrierSimulatorOptions>? change = null)
    {
        var clock = new FakeClock(new DateTimeOffset(2026, 3, 2, 6, 0, 0, TimeSpan.Zero));

        // Callbacks take real time while the clock jumps: neither their time-out nor their pause may run on the jumps.
        var options = new CarrierSimulatorOptions
        {
            TimeProvider = clock,
            CallbackTimeout = TimeSpan.FromDays(1),
            CallbackRetryDelay = TimeSpan.Zero,
        };
        change?.Invoke(options);
        return new Stage(clock, await Receiver.StartAsync(), await CarrierSimulatorHost.StartAsync(options), options);
    }

    /// <summary>The fields of a Voice AI request that is accepted; a null value takes a field away.</summary>
    public List<KeyValuePair<string, string>> Form(string number, params IEnumerable<(string Name, string? Value)> changes)
    {
        var fields = new List<KeyValuePair<string, string>>
        {
            new("From", number),
            new("CallerId", ExoPhone),
            new("StreamUrl", "ws://127.0.0.1/media/1"),
            new("StreamType", "bidirectional"),
            new("CustomField", "session-1"),
            new("StatusCallback", Receiver.Url.ToString()),
            new("StatusCallbackEvents[]", "ringing"),
            new("StatusCallbackEvents[]", "answered"),
            new("StatusCallbackEvents[]", "terminal"),
        };
        foreach (var (name, value) in changes)
        {
            fields.RemoveAll(f => f.Key == name);
            if (value is not null)
            {
                fields.Add(new(name, value));
            }
        }

        return fields;
    }

    public async Task<HttpResponseMessage> DialAsync(string number, params IEnumerable<(string Name, string? Value)> changes) =>
        await Client.PostAsync("Calls/connect.json", new FormUrlEncodedContent(Form(number, changes)));

    /// <summary>Dials, expects a 200 and gives back the Sid.</summary>
    public async Task<string> PlaceAsync(string number, params IEnumerable<(string Name, string? Value)> changes)
    {
        using var response = await DialAsync(number, changes);
        return (await JsonAsync(response, 200)).GetProperty("Call").GetProperty("Sid").GetString()!;
    }

    public async Task<JsonElement> GetAsync(string path, int status = 200)
    {
        using var response = await Client.GetAsync(path);
        return await JsonAsync(response, status);
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {text}");
        using var body = JsonDocument.Parse(text);
        return body.RootElement.Clone();
    }

    /// <summary>Moves the clock past everything that is scheduled and waits for the callbacks.</summary>
    public async Task PlayOutAsync()
    {
        Clock.Advance(TimeSpan.FromMinutes(15));
        await Carrier.WhenIdleAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Ends the simulator as a kill would, lets time pass, and starts another with the same options.</summary>
    public async Task RestartAsync(TimeSpan downtime = default)
    {
        await Carrier.DisposeAsync();
        Client.Dispose();
        Clock.Advance(downtime);
        Carrier = await CarrierSimulatorHost.StartAsync(Options);
        Client = ClientFor(Carrier);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Carrier.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    private static HttpClient ClientFor(CarrierSimulatorHost carrier) => new()
    {
        BaseAddress = new Uri(carrier.BaseAddress, Account),
        Timeout = TimeSpan.FromSeconds(60),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("key:token"u8)) },
    };
}
