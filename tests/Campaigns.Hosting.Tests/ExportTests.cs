using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Campaigns.Hosting.Telemetry;
using Campaigns.Telemetry;
using Campaigns.Testing;
using Campaigns.Testing.Otlp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Campaigns.Hosting.Tests;

/// <summary>A host and a collector.</summary>
public sealed class ExportTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly ActivitySource Source = new("Campaigns.ExportTests");

    [Fact]
    public async Task Spans_AndMeasures_ArriveUnderTheirNamesAndTheHosts()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var host = await StartAsync(collector.Configuration);
        using var meter = new Meter("Campaigns.ExportTests");
        meter.CreateCounter<long>("campaigns.tests.made", "{test}").Add(1);

        SessionTrace.Start(Source, "known span", ActivityKind.Internal, Guid.CreateVersion7())!.Dispose();

        await collector.WhenAsync(c => c.Spans.Any(s => s.Name == "known span"), Patience, "span of that name");
        await collector.WhenAsync(
            c => c.Metrics.Contains(new OtlpMetric("Campaigns.ExportTests", "campaigns.tests.made", "{test}")), Patience, "measure of that name");
        Assert.Equal("a host of tests", collector.Spans.First(s => s.Name == "known span").Service);
    }

    [Fact]
    public async Task Span_ThatEndsWhileTheHostStops_IsSentBeforeItHasStopped()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        var configuration = collector.Configuration;
        configuration["OTEL_BSP_SCHEDULE_DELAY"] = "600000";
        await using var host = await StartAsync(configuration, services => services.AddHostedService<Slow>());

        await host.StopAsync();

        Assert.Contains(collector.Spans, s => s.Name == "ends late");
    }

    [Fact]
    public async Task Host_WithoutAnAddress_CollectsNothing()
    {
        await using var host = await StartAsync([]);

        Assert.DoesNotContain(host.Services.GetServices<IHostedService>(), service => service is TelemetryExport);
    }

    [Fact]
    public async Task Host_WhoseCollectorIsGone_StopsAllTheSame()
    {
        await using var host = await StartAsync(new(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{Loopback.FreePort()}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        });
        SessionTrace.Start(Source, "for nobody", ActivityKind.Internal, Guid.CreateVersion7())!.Dispose();

        await host.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task Request_WithASecretInItsPath_IsTracedByItsRoute()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var host = await StartAsync(collector.Configuration);
        // It tells no trace of its own: the client is in this process, and would decide about the request.
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = new Uri(host.Urls.Single()) };

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/webhooks/s3cret-path?q=s3cret-query")).StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, (await client.GetAsync("/fails/s3cret-path")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/unknown/s3cret-path")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
        await host.StopAsync();

        // The collector's own requests are posts.
        var requests = collector.Spans
            .Where(s => s.Scope == "Microsoft.AspNetCore" && s.Name.StartsWith("GET", StringComparison.Ordinal))
            .ToDictionary(s => s.Name, StringComparer.Ordinal);
        Assert.Equal(("200", false), (requests["GET /webhooks/{token}"].Tags["http.response.status_code"], requests["GET /webhooks/{token}"].Failed));
        Assert.Equal("/webhooks/{token}", requests["GET /webhooks/{token}"].Tags["http.route"]);
        Assert.True(requests["GET /fails/{token}"].Failed);
        Assert.Contains("GET", requests.Keys);
        Assert.DoesNotContain(requests.Keys, name => name.Contains("health", StringComparison.Ordinal));
        Assert.DoesNotContain(collector.Bodies, body => body.AsSpan().IndexOf("s3cret"u8) >= 0);
    }

    [Fact]
    public async Task Exception_OnAnySpan_IsSentWithoutItsMessage()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var host = await StartAsync(collector.Configuration);
        using (var span = SessionTrace.Start(Source, "failing", ActivityKind.Internal, Guid.CreateVersion7()))
        {
            try
            {
                throw new InvalidOperationException("called +919812345678");
            }
            catch (InvalidOperationException error)
            {
                span!.AddException(error);
                span.SetTag("exception.message", error.Message).SetTag("exception.stacktrace", error.ToString());
                span.SetStatus(ActivityStatusCode.Error, error.Message);
            }
        }

        await host.StopAsync();

        var sent = collector.Spans.Single(s => s.Name == "failing");
        Assert.True(sent.Failed);
        Assert.Equal("exception", Assert.Single(sent.Events));
        Assert.DoesNotContain(collector.Bodies, body => body.AsSpan().IndexOf("9812345678"u8) >= 0);
        Assert.Contains(collector.Bodies, body => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(nameof(Exception_OnAnySpan_IsSentWithoutItsMessage))) >= 0);
    }

    private static async Task<WebApplication> StartAsync(Dictionary<string, string?> configuration, Action<IServiceCollection>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(configuration).AddInMemoryCollection([new("OTEL_SERVICE_NAME", "a host of tests")]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddCampaignsTelemetry();
        more?.Invoke(builder.Services);

        var host = builder.Build();
        host.MapGet("/webhooks/{token}", () => TypedResults.Ok());
        host.MapGet("/fails/{token}", () => TypedResults.StatusCode(StatusCodes.Status500InternalServerError));
        host.MapGet("/health/live", () => TypedResults.Ok());
        await host.StartAsync();
        return host;
    }

    private sealed class Slow : IHostedService
    {
        private Activity? span;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            span = SessionTrace.Start(Source, "ends late", ActivityKind.Internal, Guid.CreateVersion7());
            Activity.Current = null;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            span!.Dispose();
            return Task.CompletedTask;
        }
    }
}
