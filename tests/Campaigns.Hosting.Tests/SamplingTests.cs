using System.Diagnostics;
using Campaigns.Hosting.Telemetry;
using Campaigns.Telemetry;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;

namespace Campaigns.Hosting.Tests;

public sealed class SamplingTests
{
    private const int Many = 20_000;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.01, 0.003)]
    [InlineData(0.25, 0.015)]
    [InlineData(1, 0)]
    public void Ratio_OfSessionsOfOneHour_IsKept(double ratio, double tolerance)
    {
        // Their first bits are the time of day and nearly the same.
        var begin = new DateTimeOffset(2026, 1, 5, 6, 0, 0, TimeSpan.Zero);
        var sampler = new ParentSampler(new RatioSampler(ratio));

        var taken = Enumerable.Range(0, Many)
            .Select(i => Guid.CreateVersion7(begin.AddMilliseconds(i * 180)))
            .Count(id => Takes(sampler, SessionTrace.RootOf(id)));

        Assert.InRange((double)taken / Many, ratio - tolerance, ratio + tolerance);
    }

    [Fact]
    public void Ratio_OfOneTrace_IsTheSameEverywhere()
    {
        foreach (var root in Enumerable.Range(0, 1000).Select(_ => SessionTrace.RootOf(Guid.CreateVersion7())))
        {
            Assert.Equal(
                Takes(new ParentSampler(new RatioSampler(0.3)), root),
                Takes(new ParentSampler(new RatioSampler(0.3)), root, ActivityKind.Client));
        }
    }

    [Theory]
    [InlineData(ActivityTraceFlags.Recorded, true)]
    [InlineData(ActivityTraceFlags.None, false)]
    public void Parent_OfAnySpan_IsFollowedWhateverTheRatio(ActivityTraceFlags flags, bool taken)
    {
        var parent = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags, isRemote: true);

        Assert.Equal(taken, Takes(new ParentSampler(new RatioSampler(taken ? 0 : 1)), parent));
    }

    [Fact]
    public void Root_ThatOnlyAsksOthers_IsLeftOut()
    {
        var sampler = new ParentSampler(new AlwaysOnSampler());

        Assert.False(Takes(sampler, default, ActivityKind.Client));
        Assert.True(Takes(sampler, default, ActivityKind.Internal));
        Assert.True(Takes(sampler, default, ActivityKind.Server));
        Assert.True(Takes(sampler, SessionTrace.RootOf(Guid.CreateVersion7()), ActivityKind.Client));
    }

    [Theory]
    [InlineData(null, null, true, true)]
    [InlineData("parentbased_always_on", null, true, true)]
    [InlineData("parentbased_always_off", null, false, true)]
    [InlineData("always_on", null, true, true)]
    [InlineData("always_off", null, false, false)]
    [InlineData("parentbased_traceidratio", "0", false, true)]
    [InlineData(" ParentBased_TraceIdRatio ", "1", true, true)]
    [InlineData("traceidratio", "0.0", false, false)]
    [InlineData("traceidratio", "1", true, true)]
    public void Sampler_OfTheEnvironment_IsTheOneNamed(string? name, string? argument, bool takesSession, bool takesChild)
    {
        var settings = Settings(("OTEL_TRACES_SAMPLER", name), ("OTEL_TRACES_SAMPLER_ARG", argument));

        Assert.Null(settings.Complaint);
        Assert.Equal(takesSession, Takes(settings.Sampler, SessionTrace.RootOf(Guid.CreateVersion7())));
        var child = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        Assert.Equal(takesChild, Takes(settings.Sampler, child));
    }

    [Theory]
    [InlineData("jaeger_remote", null, "OTEL_TRACES_SAMPLER")]
    [InlineData("traceidratio", "half", "OTEL_TRACES_SAMPLER_ARG")]
    [InlineData("parentbased_traceidratio", "1.5", "OTEL_TRACES_SAMPLER_ARG")]
    [InlineData("parentbased_traceidratio", "-0.1", "OTEL_TRACES_SAMPLER_ARG")]
    [InlineData("parentbased_traceidratio", "NaN", "OTEL_TRACES_SAMPLER_ARG")]
    public void Sampler_ThatIsNotUnderstood_TakesEverythingAndComplains(string name, string? argument, string named)
    {
        var settings = Settings(("OTEL_TRACES_SAMPLER", name), ("OTEL_TRACES_SAMPLER_ARG", argument));

        Assert.Contains(named, settings.Complaint, StringComparison.Ordinal);
        Assert.True(Takes(settings.Sampler, SessionTrace.RootOf(Guid.CreateVersion7())));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, false, "OTEL_EXPORTER_OTLP_ENDPOINT=")]
    [InlineData(true, true, "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317")]
    [InlineData(true, false, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://collector/v1/traces")]
    [InlineData(false, true, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://collector:4318/v1/metrics")]
    [InlineData(false, false, "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317", "OTEL_SDK_DISABLED=true")]
    [InlineData(false, true, "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317", "OTEL_TRACES_EXPORTER=none")]
    [InlineData(true, false, "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317", "OTEL_METRICS_EXPORTER=none")]
    public void Signals_OfTheEnvironment_AreSentWhereThereIsAnAddress(bool traces, bool metrics, params string[] environment)
    {
        var settings = Settings([.. environment.Select(e => e.Split('=', 2)).Select(e => (e[0], (string?)e[1]))]);

        Assert.Equal((traces, metrics), (settings.Traces, settings.Metrics));
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "/v1/traces")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "grpc://collector:4317")]
    public void Address_ThatIsNone_KeepsTheHostFromStarting(string key, string value)
    {
        var error = Assert.Throws<HostStartException>(() => Settings((key, value)));

        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    private static TelemetrySettings Settings(params (string Key, string? Value)[] environment)
        => TelemetrySettings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(environment.ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal))
            .Build());

    private static bool Takes(Sampler sampler, ActivityContext parent, ActivityKind kind = ActivityKind.Internal)
        => sampler.ShouldSample(new SamplingParameters(
            parent, parent.TraceId == default ? ActivityTraceId.CreateRandom() : parent.TraceId, "span", kind)).Decision == SamplingDecision.RecordAndSample;
}
