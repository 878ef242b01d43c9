using System.Text.Json;
using Campaigns.Carrier;
using Campaigns.Grains;
using Microsoft.AspNetCore.WebUtilities;

namespace Campaigns.Exotel.Tests;

/// <summary>Asking about calls, in bulk and by number.</summary>
public sealed class LookUpTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task LookUp_When250Ids_AsksThreeTimes()
    {
        await using var server = new WireServer(x => x.ReplyAsync(200, Page(Query(x)["Sid"].Split(',').Select(s => Call(s)))));
        await using var rig = new Rig(server.Address);
        var sids = Enumerable.Range(0, 250).Select(i => $"sid{i:D3}").ToArray();

        var calls = await rig.Carrier.LookUpAsync([.. sids, sids[0], "not an id", ""], CancellationToken.None);

        Assert.Equal(sids, calls.Select(c => c.Sid).Order(StringComparer.Ordinal));
        Assert.Equal([100, 100, 50], server.Requests.Select(r => Query(r)["Sid"].Split(',').Length));
        Assert.All(server.Requests, r => Assert.StartsWith("GET /v1/Accounts/acme1/Calls.json?Sid=", r.Line, StringComparison.Ordinal));
        Assert.All(server.Requests, r => Assert.Equal("Basic a2V5LWs6dG9rZW4tdA==", r.Headers["Authorization"]));
        Assert.Equal(3, rig.Permits.Taken);
    }

    [Fact]
    public async Task LookUp_WhenNoIds_AsksNobody()
    {
        await using var rig = new Rig(new Uri("http://127.0.0.1:1/"));

        Assert.Empty(await rig.Carrier.LookUpAsync([], CancellationToken.None));
    }

    [Fact]
    public async Task LookUp_WhenPaged_FollowsTheCursorOnTheSameAddress()
    {
        await using var server = new WireServer(x => Query(x).ContainsKey("After")
            ? x.ReplyAsync(200, Page([Call("b")]))
            : x.ReplyAsync(200, Page([Call("a")], "https://evil.example/v1/Accounts/other/Calls.json?After=x%2By%26&PageSize=1")));
        await using var rig = new Rig(server.Address);

        var calls = await rig.Carrier.LookUpAsync(["a", "b"], CancellationToken.None);

        Assert.Equal(["a", "b"], calls.Select(c => c.Sid));
        Assert.Equal("/v1/Accounts/acme1/Calls.json?Sid=a%2Cb&PageSize=100&After=x%2By%26", server.Requests.Last().Target);
    }

    [Fact]
    public async Task LookUp_WhenPagesDoNotEnd_Fails()
    {
        await using var server = new WireServer(x => x.ReplyAsync(200, Page([Call("a")], "/v1/Accounts/acme1/Calls.json?After=same")));
        await using var rig = new Rig(server.Address);

        await Assert.ThrowsAsync<CarrierLookUpException>(() => rig.Carrier.LookUpAsync(["a"], CancellationToken.None));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task LookUp_WhenAnswered_ReadsEveryField()
    {
        const string body = """
            {"metadata":{},"calls":[
              {"sid":"c1","from":"09876543210","status":"completed","datecreated":"2026-03-02 17:30:05","duration":17,"recordingurl":"https://r.example/1.mp3",
               "details":{"conversationduration":"8"},"direction":"outbound-api"},
              {"Call":{"Sid":"c2","From":"+919876543210","Status":"in-progress","DateCreated":null,"Duration":null,"RecordingUrl":""}},
              {"Sid":"c3","Status":"null"},{"Sid":"unasked","Status":"busy"},{"Status":"busy"}]}
            """;
        await using var server = new WireServer(x => x.ReplyAsync(200, body));
        await using var rig = new Rig(server.Address);

        var calls = await rig.Carrier.LookUpAsync(["c1", "c2", "c3", "c4"], CancellationToken.None);

        Assert.Equal(
            [
                new CarrierCall(
                    "c1", "+919876543210", CarrierReportKind.Ended, CallOutcome.Completed, new DateTimeOffset(2026, 3, 2, 12, 0, 5, TimeSpan.Zero),
                    TimeSpan.FromSeconds(8), "https://r.example/1.mp3", "completed"),
                new CarrierCall("c2", "+919876543210", CarrierReportKind.Progress, null, null, null, null, "in-progress"),
                new CarrierCall("c3", "", CarrierReportKind.Progress, null, null, null, null, null),
            ],
            calls);
    }

    [Theory]
    [InlineData(404, """{"RestException":{"Status":404,"Message":"Not found"}}""", true)]
    [InlineData(200, """{"Calls":[]}""", true)]
    [InlineData(404, "<html>nginx</html>", false)]
    [InlineData(200, "{}", false)]
    [InlineData(200, "<html>", false)]
    [InlineData(401, """{"RestException":{"Message":"Auth"}}""", false)]
    [InlineData(500, "", false)]
    [InlineData(302, "", false)]
    public async Task LookUp_WhenNothingIsTold_IsEmptyOnlyIfTheCarrierSaidSo(int status, string body, bool absent)
    {
        await using var server = new WireServer(x => x.ReplyAsync(status, body, "Location: /elsewhere"));
        await using var rig = new Rig(server.Address);

        if (absent)
        {
            Assert.Empty(await rig.Carrier.LookUpAsync(["a"], CancellationToken.None));
        }
        else
        {
            await Assert.ThrowsAsync<CarrierLookUpException>(() => rig.Carrier.LookUpAsync(["a"], CancellationToken.None));
        }

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task LookUp_WhenThrottled_TellsCallerAndPermits()
    {
        await using var server = new WireServer(x => x.ReplyAsync(429, "", "Retry-After: 9"));
        await using var rig = new Rig(server.Address);

        var thrown = await Assert.ThrowsAsync<CarrierLookUpException>(() => rig.Carrier.LookUpAsync(["a"], CancellationToken.None));

        Assert.Equal(TimeSpan.FromSeconds(9), thrown.RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(9), Assert.Single(rig.Permits.Throttled));
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("false", true)]
    public async Task LookUp_WhenNoPermit_AsksOnlyIfLookUpsAreFree(string shared, bool asks)
    {
        await using var server = new WireServer(x => x.ReplyAsync(200, Page([Call("a")])));
        await using var rig = new Rig(server.Address, ("LookUpsShareLimit", shared));
        rig.Permits.Free = 0;

        if (asks)
        {
            Assert.Single(await rig.Carrier.LookUpAsync(["a"], CancellationToken.None));
        }
        else
        {
            var thrown = await Assert.ThrowsAsync<CarrierLookUpException>(() => rig.Carrier.LookUpAsync(["a"], CancellationToken.None));
            Assert.Contains("No permit", thrown.Message, StringComparison.Ordinal);
        }

        Assert.Equal(asks ? 1 : 0, server.Requests.Count);
    }

    [Fact]
    public async Task LookUp_WhenNoAnswerInTime_Fails()
    {
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new WireServer(async x =>
        {
            received.SetResult();
            await Task.Delay(Timeout.Infinite, x.Stopping);
        });
        await using var rig = new Rig(server.Address);

        var asking = rig.Carrier.LookUpAsync(["a"], CancellationToken.None);
        await received.Task;
        rig.Clock.Advance(TimeSpan.FromSeconds(15));

        await Assert.ThrowsAsync<CarrierLookUpException>(() => asking);
    }

    [Fact]
    public async Task LookUp_WhenCancelled_ThrowsThat()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = new WireServer(async x =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, x.Stopping);
        });
        await using var rig = new Rig(server.Address);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Carrier.LookUpAsync(["a"], cancel.Token));
    }

    [Fact]
    public async Task Find_WhenAsked_SendsIndianTimeAndFiltersAgain()
    {
        await using var server = new WireServer(x => x.ReplyAsync(200, Page(
        [
            Call("ours", from: "09876543210", created: "2026-03-02 17:30:00"),
            Call("edge", from: "9876543210", created: "2026-03-02 17:31:31"),
            Call("stranger", from: "09876543211", created: "2026-03-02 17:30:00"),
            Call("inbound", from: "09876543210", created: "2026-03-02 17:30:00", direction: "inbound"),
            Call("early", from: "09876543210", created: "2026-03-02 17:29:59"),
            Call("late", from: "09876543210", created: "2026-03-02 17:31:32"),
        ])));
        await using var rig = new Rig(server.Address);

        var calls = await rig.Carrier.FindAsync(Rig.Phone, Noon.AddMilliseconds(400), Noon.AddSeconds(90.5), CancellationToken.None);

        Assert.Equal(["edge", "ours"], calls.Select(c => c.Sid).Order(StringComparer.Ordinal));
        Assert.Equal(
            "/v1/Accounts/acme1/Calls.json?From=%2B919876543210&DateCreated=gte%3A2026-03-02%2017%3A30%3A00%3Blte%3A2026-03-02%2017%3A31%3A31&PageSize=100",
            Assert.Single(server.Requests).Target);
    }

    [Fact]
    public async Task Find_WhenE164FindsNothing_AsksInTheNationalForm()
    {
        await using var server = new WireServer(x => x.ReplyAsync(
            200, Page(Query(x)["From"].StartsWith('0') ? [Call("ours", from: "09876543210", created: "2026-03-02 17:30:00")] : [])));
        await using var rig = new Rig(server.Address);

        var calls = await rig.Carrier.FindAsync(Rig.Phone, Noon, Noon.AddMinutes(1), CancellationToken.None);

        Assert.Equal("ours", Assert.Single(calls).Sid);
        Assert.Equal(["+919876543210", "09876543210"], server.Requests.Select(r => Query(r)["From"]));
    }

    [Fact]
    public async Task Find_WhenSpanIsLongerThanAMonth_Fails()
    {
        await using var rig = new Rig(new Uri("http://127.0.0.1:1/"));

        await Assert.ThrowsAsync<CarrierLookUpException>(() => rig.Carrier.FindAsync(Rig.Phone, Noon, Noon.AddDays(31), CancellationToken.None));
        await Assert.ThrowsAsync<CarrierLookUpException>(() => rig.Carrier.FindAsync(Rig.Phone, Noon, Noon.AddSeconds(-1), CancellationToken.None));
    }

    private static Dictionary<string, string> Query(WireExchange exchange) => Query(exchange.Request);

    private static Dictionary<string, string> Query(WireRequest request)
        => QueryHelpers.ParseQuery(request.Target[request.Target.IndexOf('?', StringComparison.Ordinal)..]).ToDictionary(p => p.Key, p => p.Value.ToString());

    private static object Call(string sid, string from = "09876543210", string? created = null, string direction = "outbound-api")
        => new { Sid = sid, From = from, Status = "completed", DateCreated = created, Direction = direction };

    private static string Page(IEnumerable<object> calls, string? next = null)
        => JsonSerializer.Serialize(new { Metadata = new { PageSize = 100, NextPageUri = next }, Calls = calls });
}
