using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Campaigns.Carrier;
using Campaigns.Grains;
using Campaigns.Stores;
using Campaigns.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Campaigns.Exotel.Tests;

/// <summary>The callback endpoint on a real server.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeClock clock = new(new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero));
    private readonly Gates gates = new();
    private readonly Reports reports = new();
    private readonly ListLogs logs = new();
    private readonly HttpClient client = new();
    private readonly string token = SessionToken.Create();
    private readonly Guid contact = Guid.NewGuid();
    private WebApplication app = null!;

    public async Task InitializeAsync()
    {
        gates.Gate = new SessionGate(Rig.Session, contact, SessionToken.Hash(token), clock.GetUtcNow().AddHours(2));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration[$"{ExotelWebhookOptions.Section}:MaxUnderWay"] = "3";
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<ISessionGates>(gates).AddSingleton<ICarrierReports>(reports).AddExotelWebhooks();
        app = builder.Build();
        app.MapExotelWebhooks();
        await app.StartAsync();
        client.BaseAddress = new Uri(app.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Post_WhenRight_DeliversAndThenAnswers200(int format)
    {
        var (contentType, body) = CallbackBodies.All[format];
        reports.Hold();

        var posting = PostAsync(Rig.Session.ToString(), token, body, contentType);
        await reports.Arrived.Task.WaitAsync(Patience);
        Assert.False(posting.IsCompleted);
        reports.Release();

        Assert.Equal(HttpStatusCode.OK, (await posting).StatusCode);
        var (to, report) = Assert.Single(reports.Delivered);
        Assert.Equal(contact, to);
        Assert.Equal(
            new CarrierReport(
                Rig.Session, CarrierReportKind.Ended, CallOutcome.Completed, "b6cfaf5f5cef3ca0fc937749ef96d245", "callback", "https://r.example/1.mp3",
                TimeSpan.FromSeconds(41), "status=completed; event=terminal; leg=completed; cause=NORMAL_CLEARING; disconnectedBy=user"),
            report);
    }

    [Theory]
    [InlineData(ReportResult.Ignored)]
    [InlineData(ReportResult.NotFound)]
    [InlineData(ReportResult.Refused)]
    public async Task Post_WhenReportHasNoEffect_StillEndsTheRetries(ReportResult result)
    {
        reports.Result = result;

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Rig.Session.ToString(), token)).StatusCode);
    }

    [Fact]
    public async Task Post_WhenSecretIsNotGood_Answers404WithoutDifferenceAndChangesNothing()
    {
        var answers = new List<string>
        {
            await DescribeAsync(await PostAsync(Rig.Session.ToString(), SessionToken.Create())),
            await DescribeAsync(await PostAsync(Rig.Session.ToString(), "x")),
            await DescribeAsync(await PostAsync(Rig.Session.ToString(), new string('a', 1_000))),
            await DescribeAsync(await PostAsync(Guid.NewGuid().ToString(), token)),
            await DescribeAsync(await PostAsync(Guid.Empty.ToString(), token)),
            await DescribeAsync(await PostAsync("not-a-session", token)),
            await DescribeAsync(await PostAsync(Rig.Session.ToString("N"), token)),
            await DescribeAsync(await PostAsync(Rig.Session.ToString(), "wrong", "{malformed")),
            await DescribeAsync(await PostAsync(Rig.Session.ToString(), "wrong", new string('x', 200_000))),
        };
        clock.Advance(TimeSpan.FromHours(2));
        answers.Add(await DescribeAsync(await PostAsync(Rig.Session.ToString(), token)));

        Assert.StartsWith("404", Assert.Single(answers.Distinct(StringComparer.Ordinal)), StringComparison.Ordinal);
        Assert.Empty(reports.Delivered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_WhenBodyIsOverTheLimit_Answers413(bool announced)
    {
        using var content = new StreamContent(new MemoryStream(new byte[StatusCallbackReader.MaxBody + 1]));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/webhooks/exotel/{Rig.Session}/{token}") { Content = content };
        request.Headers.TransferEncodingChunked = !announced;

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Empty(reports.Delivered);
    }

    [Theory]
    [InlineData("{}", "application/json")]
    [InlineData("{", "application/json")]
    [InlineData("Status=completed", "text/plain")]
    public async Task Post_WhenBodyIsNoCallback_Answers400(string body, string contentType)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(Rig.Session.ToString(), token, body, contentType)).StatusCode);
        Assert.Empty(reports.Delivered);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Other_WhenNotPost_Answers405(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/webhooks/exotel/{Rig.Session}/{token}");

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Empty(reports.Delivered);
    }

    [Fact]
    public async Task Post_WhenDeliveryFails_Answers503()
    {
        reports.Failure = new InvalidOperationException("grain away");

        using var answer = await PostAsync(Rig.Session.ToString(), token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Post_WhenTooManyAreUnderWay_RefusesOneMoreAtOnceAndTakesItLater()
    {
        reports.Hold();
        var held = Enumerable.Range(0, 3).Select(_ => PostAsync(Rig.Session.ToString(), token)).ToArray();
        await reports.WhenArrivedAsync(3).WaitAsync(Patience);

        using var refused = await PostAsync(Rig.Session.ToString(), token).WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), refused.Headers.RetryAfter?.Delta);
        Assert.All(held, posting => Assert.False(posting.IsCompleted));

        reports.Release();
        Assert.All(await Task.WhenAll(held).WaitAsync(Patience), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Rig.Session.ToString(), token)).StatusCode);
        Assert.Equal(4, reports.Delivered.Count);
    }

    [Fact]
    public async Task Post_WhenStoreFails_Answers503()
    {
        gates.Failure = new IOException("database away");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync(Rig.Session.ToString(), token)).StatusCode);
        Assert.Empty(reports.Delivered);
    }

    [Fact]
    public async Task Post_WhenDeliveryDoesNotReturn_Answers503BeforeTheCarrierGivesUp()
    {
        reports.Hold();

        var posting = PostAsync(Rig.Session.ToString(), token);
        await reports.Arrived.Task.WaitAsync(Patience);
        clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(posting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await posting.WaitAsync(Patience)).StatusCode);
        Assert.True(reports.Cancelled);
    }

    [Fact]
    public async Task Post_WhateverHappens_LogsNoSecretAndNoNumber()
    {
        await PostAsync(Rig.Session.ToString(), token, """{"Status":"completed","From":"09876543210","CallSid":"a"}""");
        await PostAsync(Rig.Session.ToString(), token, "{From=09876543210");
        await PostAsync(Rig.Session.ToString(), "wrong-secret");
        reports.Failure = new InvalidOperationException("grain away");
        await PostAsync(Rig.Session.ToString(), token);

        var ours = logs.Lines.Where(l => l.Contains("Callback for session", StringComparison.Ordinal) || l.Contains("Callback with", StringComparison.Ordinal));
        Assert.Equal(4, ours.Count());
        Assert.DoesNotContain(
            logs.Lines,
            l => l.Contains(token, StringComparison.Ordinal) || l.Contains("wrong-secret", StringComparison.Ordinal) || l.Contains("9876543210", StringComparison.Ordinal));
    }

    private static async Task<string> DescribeAsync(HttpResponseMessage answer)
    {
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key != "Date").Select(h => $"{h.Key}: {string.Join(',', h.Value)}");
        return $"{(int)answer.StatusCode} [{string.Join("; ", headers)}] {await answer.Content.ReadAsStringAsync()}";
    }

    private async Task<HttpResponseMessage> PostAsync(
        string session, string secret, string body = """{"Status":"completed"}""", string contentType = "application/json")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return await client.PostAsync($"/webhooks/exotel/{session}/{secret}", content);
    }

    private sealed class Reports : ICarrierReports
    {
        private readonly TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim arrivals = new(0);
        private bool held;

        public System.Collections.Concurrent.ConcurrentQueue<(Guid Contact, CarrierReport Report)> Delivered { get; } = [];

        public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exception? Failure { get; set; }

        public ReportResult Result { get; set; } = ReportResult.Applied;

        public bool Cancelled { get; private set; }

        public async Task WhenArrivedAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await arrivals.WaitAsync();
            }
        }

        public void Hold() => held = true;

        public void Release() => release.SetResult();

        public async Task<ReportResult> DeliverAsync(Guid campaignContactId, CarrierReport report, CancellationToken cancellationToken)
        {
            if (Failure is { } failure)
            {
                throw failure;
            }

            // A port that heeds its token late: the endpoint must answer all the same.
            using var watch = cancellationToken.Register(() => Cancelled = true);
            Arrived.TrySetResult();
            arrivals.Release();
            if (held)
            {
                await release.Task;
            }

            Delivered.Enqueue((campaignContactId, report));
            return Result;
        }
    }

    private sealed class Gates : ISessionGates
    {
        public SessionGate? Gate { get; set; }

        public Exception? Failure { get; set; }

        public Task<SessionGate?> FindGateAsync(Guid sessionId, CancellationToken cancellationToken)
            => Failure is { } failure ? Task.FromException<SessionGate?>(failure) : Task.FromResult(Gate?.SessionId == sessionId ? Gate : null);
    }
}
