using System.Net.Http.Json;
using System.Text.Json;

namespace CarrierSimulator.Tests;

public sealed class LimitTests
{
    [Fact]
    public async Task Connect_OverTheRate_Is429UntilAMinuteAfterTheFirst()
    {
        await using var stage = await Stage.SetAsync(o => o.CallsPerMinute = 3);
        await stage.PlaceAsync("+919876543201");
        stage.Clock.Advance(TimeSpan.FromSeconds(10));
        await stage.PlaceAsync("+919876543202");
        await stage.PlaceAsync("+919876543203");

        using (var response = await stage.DialAsync("+919876543204"))
        {
            await Stage.JsonAsync(response, 429);
            Assert.Null(response.Headers.RetryAfter);
        }

        stage.Clock.Advance(TimeSpan.FromSeconds(49.999));
        using (var response = await stage.DialAsync("+919876543204"))
        {
            await Stage.JsonAsync(response, 429);
        }

        stage.Clock.Advance(TimeSpan.FromSeconds(0.001));
        await stage.PlaceAsync("+919876543204");

        Assert.Equal([true, true, true, false, false, true], stage.Ledger.Entries.Select(e => e.Placed));
        Assert.Equal((429, null), (stage.Ledger.Entries[3].HttpStatus, stage.Ledger.Entries[3].Attempt));
        Assert.Equal(1, stage.Ledger.Entries[5].Attempt);
        Assert.Equal(3, stage.Ledger.Summary().MaxDialsPerMinute);
    }

    [Fact]
    public void CallsPerMinute_ByDefault_IsTheVendors200() => Assert.Equal(200, new CarrierSimulatorOptions().CallsPerMinute);

    [Fact]
    public async Task Connect_OverTheRateWithRetryAfter_SaysWhen()
    {
        await using var stage = await Stage.SetAsync(o => (o.CallsPerMinute, o.RetryAfter) = (1, true));
        await stage.PlaceAsync("+919876543201");
        stage.Clock.Advance(TimeSpan.FromSeconds(17.5));

        using var response = await stage.DialAsync("+919876543202");

        Assert.Equal("43", response.Headers.RetryAfter!.ToString());
    }

    [Theory]
    [InlineData(false, 200)]
    [InlineData(true, 429)]
    public async Task LookUp_WhenTheRateIsUsedUp_IsRefusedOnlyIfItShares(bool shares, int status)
    {
        await using var stage = await Stage.SetAsync(o => (o.CallsPerMinute, o.LookupsShareLimit) = (1, shares));
        await stage.PlaceAsync("+919876543201");

        await stage.GetAsync("Calls.json", status);
    }

    [Fact]
    public async Task Connect_WithInvalidFields_TakesNothingFromTheRate()
    {
        await using var stage = await Stage.SetAsync(o => o.CallsPerMinute = 1);
        using (var response = await stage.DialAsync("bob"))
        {
            await Stage.JsonAsync(response, 400);
        }

        await stage.PlaceAsync("+919876543201");

        Assert.Single(stage.Ledger.Entries);
    }

    [Fact]
    public async Task Connect_OverTheStreamLimit_Is429UntilACallEnds()
    {
        await using var stage = await Stage.SetAsync(o => o.ActiveStreams = 1);
        await stage.PlaceAsync("+919876543201");

        using (var response = await stage.DialAsync("+919876543202"))
        {
            await Stage.JsonAsync(response, 429);
        }

        var streams = (await stage.GetAsync("ActiveStreams.json")).GetProperty("Stream");
        Assert.Equal((1, 1), (streams.GetProperty("ActiveStreamCount").GetInt32(), streams.GetProperty("ThrottleLimit").GetInt32()));
        await stage.PlayOutAsync();
        await stage.PlaceAsync("+919876543202");

        Assert.Equal((2, 1), (stage.Ledger.Summary().Dials, stage.Ledger.Summary().MaxConcurrent));
    }

    [Theory]
    [InlineData(10, null, 10)]
    [InlineData(null, 7, 7)]
    public async Task Connect_ManyAtOnce_LetsExactlyTheLimitThrough(int? perMinute, int? streams, int through)
    {
        await using var stage = await Stage.SetAsync(o => (o.CallsPerMinute, o.ActiveStreams) = (perMinute, streams));

        var responses = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => stage.DialAsync($"+91987654{i:00}03")));

        Assert.Equal(through, responses.Count(r => r.IsSuccessStatusCode));
        Assert.Equal(40 - through, responses.Count(r => (int)r.StatusCode == 429));
        Assert.Equal((40, through), (stage.Ledger.Summary().Requests, stage.Ledger.Summary().MaxConcurrent));
    }

    [Fact]
    public async Task Connect_InFlowMode_HoldsNoStream()
    {
        await using var stage = await Stage.SetAsync(o => o.ActiveStreams = 0);

        await stage.PlaceAsync(
            "+919876543201", ("StreamUrl", null), ("StreamType", null), ("Url", "http://my.exotel.com/campaigns1/exoml/start_voice/1"));

        Assert.Equal(1, stage.Ledger.Summary().Live);
    }

    [Theory]
    [InlineData(402)]
    [InlineData(403)]
    [InlineData(503)]
    public async Task Connect_WhileTheAccountIsRefused_GetsThatStatusAndRingsNoPhone(int status)
    {
        await using var stage = await Stage.SetAsync();
        await ControlAsync(stage, new { refuseWith = (int?)status });
        using (var response = await stage.DialAsync("+919876543290"))
        {
            var error = (await Stage.JsonAsync(response, status)).GetProperty("RestException");
            Assert.Equal(status, error.GetProperty("Status").GetInt32());
        }

        await ControlAsync(stage, new { refuseWith = (int?)null });
        await stage.PlaceAsync("+919876543290");

        Assert.Equal([null, 1], stage.Ledger.Entries.Select(e => e.Attempt));
        Assert.Equal(1, stage.Ledger.Summary().Dials);
    }

    [Theory]
    [InlineData("{\"refuseWith\":200}")]
    [InlineData("{\"callsPerMinute\":0}")]
    [InlineData("{\"instantAnswer\":1}")]
    [InlineData("{\"unknown\":true}")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Control_WhenTheBodyIsWrong_IsRefusedAndChangesNothing(string body)
    {
        await using var stage = await Stage.SetAsync();
        var before = stage.Carrier.Control;

        using var response = await stage.Client.PostAsync("/control", new StringContent(body));

        await Stage.JsonAsync(response, 400);
        Assert.Equal(before, stage.Carrier.Control);
    }

    [Fact]
    public async Task Callbacks_WhileSwitchedOff_AreDropped()
    {
        await using var stage = await Stage.SetAsync();
        await ControlAsync(stage, new { callbacksOff = true });
        await stage.PlaceAsync("+919876543201");

        await stage.PlayOutAsync();

        Assert.Empty(stage.Receiver.All);
        Assert.All(stage.Ledger.Entries[0].Callbacks, c => Assert.Equal((0, false), (c.Attempts, c.Delivered)));
    }

    [Fact]
    public async Task InstantAnswer_WhateverTheDigits_AnswersAndEndsAtOnce()
    {
        await using var stage = await Stage.SetAsync(o => (o.InstantAnswer, o.CallsPerMinute) = (true, null));
        foreach (var digits in new[] { "03", "55", "72", "77", "96" })
        {
            await stage.PlaceAsync("+9198765432" + digits, ("StatusCallbackEvents[]", "terminal"));
        }

        await stage.Carrier.WhenIdleAsync();

        Assert.All(stage.Ledger.Entries, e => Assert.Equal(("completed", e.ReceivedAt), (e.FinalStatus, e.EndedAt!.Value)));
        Assert.Equal(5, stage.Receiver.All.Count);
        Assert.Equal(1, stage.Ledger.Summary().MaxConcurrent);
    }

    [Fact]
    public async Task Home_Always_TellsWhatThereIs()
    {
        await using var stage = await Stage.SetAsync();

        Assert.Contains("/ledger", await stage.Client.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.Equal("ok", (await stage.GetAsync("/health")).GetProperty("status").GetString());
    }

    private static async Task ControlAsync<T>(Stage stage, T change)
    {
        using var response = await stage.Client.PostAsJsonAsync("/control", change, new JsonSerializerOptions(JsonSerializerDefaults.Web));
        await Stage.JsonAsync(response, 200);
    }
}
