using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;

namespace Campaigns.Benchmarks.Bed;

/// <summary>A server of naive bridges, and whoever has the carrier call them.</summary>
internal sealed class NaiveHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TalkBed _bed;
    private int _live;

    private NaiveHost(TalkBed bed)
    {
        _bed = bed;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(ServeAsync);
    }

    /// <summary>Calls that talk.</summary>
    public int Live => Volatile.Read(ref _live);

    public static async Task<NaiveHost> StartAsync(TalkBed bed, CancellationToken cancellationToken)
    {
        var host = new NaiveHost(bed);
        await host._app.StartAsync(cancellationToken);
        return host;
    }

    /// <summary>Has the carrier call this many talkers, thirty a second.</summary>
    public async Task DialAsync(int people, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri(_bed.Carrier.Address, $"v1/Accounts/{ProductHost.Account}/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("key:token")));
        var address = _app.Urls.Single().Replace("http", "ws", StringComparison.Ordinal);
        for (var i = 0; i < people; i++)
        {
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["From"] = TalkBed.Number(i),
                ["CallerId"] = "08047191234",
                ["StreamType"] = "bidirectional",
                ["StreamUrl"] = $"{address}/{TalkBed.Name(i).Replace(' ', '/')}",
            });
            using var response = await client.PostAsync(new Uri("Calls/connect.json", UriKind.Relative), form, cancellationToken);
            response.EnsureSuccessStatusCode();
            await Task.Delay(30, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        try
        {
            using var carrier = await context.WebSockets.AcceptWebSocketAsync();
            string? sid = null;
            while (sid is null && await NaiveBridge.ReceiveAsync(carrier, context.RequestAborted) is { } message)
            {
                sid = (string?)message["stream_sid"];
            }

            using var model = new ClientWebSocket();
            model.Options.SetRequestHeader("x-goog-api-key", "key");
            var address = new UriBuilder(_bed.Model.Address) { Scheme = "ws", Path = "ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent" };
            await model.ConnectAsync(address.Uri, context.RequestAborted);
            var text = $"Name: {context.Request.Path.Value!.Trim('/').Replace('/', ' ')}";
            await NaiveBridge.SendAsync(
                model,
                new
                {
                    setup = new
                    {
                        model = "models/gemini-3.1-flash-live-preview",
                        generationConfig = new { responseModalities = new[] { "AUDIO" } },
                        systemInstruction = new { parts = new[] { new { text } } },
                    },
                },
                context.RequestAborted);
            await NaiveBridge.ReceiveAsync(model, context.RequestAborted);
            await NaiveBridge.SendAsync(model, new { realtimeInput = new { text = "Begin." } }, context.RequestAborted);
            Interlocked.Increment(ref _live);
            try
            {
                await new NaiveBridge(carrier, model, sid!).RunAsync(context.RequestAborted);
            }
            finally
            {
                Interlocked.Decrement(ref _live);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The call is over; Live says so.
        }
    }
}
