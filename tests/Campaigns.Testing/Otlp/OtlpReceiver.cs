using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Campaigns.Testing.Otlp;

/// <summary>A collector on loopback that takes OTLP over HTTP as protobuf, and keeps what it was sent.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _requests = new();
    private volatile TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpReceiver(WebApplication app) => _app = app;

    /// <summary>Where to send.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The bodies as they came.</summary>
    public IReadOnlyList<byte[]> Bodies => [.. _requests.Select(r => r.Body)];

    /// <summary>Every span so far.</summary>
    public ImmutableArray<OtlpSpan> Spans => [.. Of("/v1/traces").SelectMany(OtlpReader.Spans)];

    /// <summary>Every measure so far, one for each time it was sent.</summary>
    public ImmutableArray<OtlpMetric> Metrics => [.. Of("/v1/metrics").SelectMany(OtlpReader.Metrics)];

    /// <summary>What a host is configured with to send here.</summary>
    public Dictionary<string, string?> Configuration => new(StringComparer.Ordinal)
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
    };

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.MapPost("/v1/{signal}", (Delegate)receiver.TakeAsync);
        await app.StartAsync();
        receiver.Address = new Uri(app.Urls.Single());
        return receiver;
    }

    /// <summary>Returns when what has come fulfils a condition, or fails saying what was waited for.</summary>
    public async Task WhenAsync(Func<OtlpReceiver, bool> condition, TimeSpan patience, string what)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (true)
        {
            var more = _more.Task;
            if (condition(this))
            {
                return;
            }

            try
            {
                await more.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException error)
            {
                var names = Spans.Select(s => s.Name).Concat(Metrics.Select(m => m.Name)).Distinct().Order();
                throw new TimeoutException($"After {patience} there is no {what} among {string.Join(", ", names)}.", error);
            }
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext context)
    {
        if (context.Request.ContentType != "application/x-protobuf")
        {
            return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _requests.Enqueue((context.Request.Path.Value!, body.ToArray()));
        Interlocked.Exchange(ref _more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        return TypedResults.Bytes(Array.Empty<byte>(), "application/x-protobuf");
    }

    private IEnumerable<byte[]> Of(string path) => _requests.Where(r => r.Path == path).Select(r => r.Body);
}
