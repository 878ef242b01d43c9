namespace CarrierSimulator.Tests;

public sealed class CallbackTests
{
    private const string Number = "+919876543203";
    private const string Flow = "https://my.exotel.com/campaigns1/exoml/start_voice/4711";

    private static readonly string[] s_always = ["CallSid", "DateUpdated", "Status", "RecordingUrl"];

    private static readonly string[] s_bracketedLegs = ["Legs[0][OnCallDuration]", "Legs[0][Status]", "Legs[0][AnsweredBy]"];

    private static readonly string[] s_withEvents =
    [
        .. s_always, "EventType", "DateCreated", "To", "From", "PhoneNumberSid", "StartTime", "EndTime",
        "ConversationDuration", "Direction", "CustomField",
    ];

    [Theory]
    [InlineData(CallbackFormat.Multipart, "multipart/form-data")]
    [InlineData(CallbackFormat.UrlEncoded, "application/x-www-form-urlencoded")]
    [InlineData(CallbackFormat.Json, "application/json")]
    public async Task Callback_InEachFormat_HasTheVendorsFields(CallbackFormat format, string contentType)
    {
        await using var stage = await Stage.SetAsync(o => o.CallbackFormat = format);
        var sid = await stage.PlaceAsync(Number, ("StatusCallbackEvents[]", "terminal"), ("Record", "true"), ("CustomField", "ü=&\"1\""));

        await stage.PlayOutAsync();

        var callback = Assert.Single(stage.Receiver.All);
        Assert.Equal(contentType, callback.ContentType);
        Assert.Equal(
            [.. s_withEvents, .. format == CallbackFormat.Json ? new[] { "Legs" } : s_bracketedLegs],
            callback.Fields.Keys);
        Assert.Equal((sid, "completed", "terminal"), (callback["CallSid"], callback["Status"], callback["EventType"]));
        Assert.Equal(("09876543203", Stage.ExoPhone), (callback["From"], callback["To"]));
        Assert.Equal(("2026-03-02 11:30:00", "2026-03-02 11:30:15"), (callback["StartTime"], callback["EndTime"]));
        Assert.Equal(("9", "outbound-api"), (callback["ConversationDuration"], callback["Direction"]));
        Assert.Equal("ü=&\"1\"", callback["CustomField"]);
        Assert.Contains(sid, callback["RecordingUrl"], StringComparison.Ordinal);
        Assert.Equal(
            "completed",
            callback.Json is { } json ? json.GetProperty("Legs")[0].GetProperty("Status").GetString() : callback["Legs[0][Status]"]);
    }

    [Fact]
    public async Task Callback_WithoutSubscribedEvents_IsTheTerminalOneWithFourFields()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PlaceAsync(Number, ("StatusCallbackEvents[]", null));

        await stage.PlayOutAsync();

        Assert.Equal(s_always, Assert.Single(stage.Receiver.All).Fields.Keys);
        Assert.Equal(("completed", ""), (stage.Receiver.All[0]["Status"], stage.Receiver.All[0]["RecordingUrl"]));
    }

    [Fact]
    public async Task Callback_WhenMinimal_HasFourFieldsDespiteEvents()
    {
        await using var stage = await Stage.SetAsync(o => o.MinimalCallbacks = true);
        await stage.PlaceAsync(Number);

        await stage.PlayOutAsync();

        Assert.All(stage.Receiver.All, c => Assert.Equal(s_always, c.Fields.Keys));
        Assert.Equal(["ringing", "in-progress", "completed"], stage.Receiver.All.Select(c => c["Status"]));
    }

    [Fact]
    public async Task Callback_OfAnEventNotSubscribedTo_IsNotSent()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PlaceAsync(Number, ("StatusCallbackEvents[]", "answered"));

        await stage.PlayOutAsync();

        Assert.Equal("answered", Assert.Single(stage.Receiver.All).Event);
    }

    [Fact]
    public async Task Callback_WhenRotating_TakesTheThreeFormatsInTurn()
    {
        await using var stage = await Stage.SetAsync(o => o.CallbackFormat = CallbackFormat.Rotate);
        for (var i = 0; i < 3; i++)
        {
            await stage.PlaceAsync($"+91987654320{i}");
        }

        await stage.PlayOutAsync();

        Assert.Equal(9, stage.Receiver.All.Count);
        Assert.All(stage.Receiver.All.GroupBy(c => c["CallSid"]), call => Assert.Single(call.Select(c => c.ContentType).Distinct()));
        Assert.Equal(3, stage.Receiver.All.Select(c => c.ContentType).Distinct().Count());
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("multipart/form-data")]
    public async Task Callback_WhenTheFlowRequestNamesAContentType_HasIt(string contentType)
    {
        await using var stage = await Stage.SetAsync(o => o.CallbackFormat = CallbackFormat.UrlEncoded);
        await stage.PlaceAsync(
            Number, ("StreamUrl", null), ("StreamType", null), ("Url", Flow), ("StatusCallbackContentType", contentType));

        await stage.PlayOutAsync();

        Assert.Equal(3, stage.Receiver.All.Count);
        Assert.All(stage.Receiver.All, c => Assert.Equal(contentType, c.ContentType));
    }

    [Theory]
    [InlineData(1, 500, 2, true)]
    [InlineData(2, 503, 3, true)]
    [InlineData(3, 500, 3, false)]
    [InlineData(9, 404, 3, false)]
    [InlineData(9, 302, 3, false)]
    public async Task Callback_WhenItIsNotAccepted_IsRepeatedTwiceAtMost(int failures, int status, int attempts, bool delivered)
    {
        await using var stage = await Stage.SetAsync();
        stage.Receiver.Reply = n => Task.FromResult(n <= failures ? status : 204);
        await stage.PlaceAsync(Number, ("StatusCallbackEvents[]", "terminal"));

        await stage.PlayOutAsync();

        var record = Assert.Single(stage.Ledger.Entries[0].Callbacks);
        Assert.Equal((attempts, delivered), (record.Attempts, record.Delivered));
        Assert.Equal(attempts, stage.Receiver.All.Count);
        Assert.Single(stage.Receiver.All.Select(c => c["DateUpdated"]).Distinct());
    }

    [Fact]
    public async Task Callback_WhenNobodyListens_IsGivenUpAfterThreeAttempts()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PlaceAsync(Number, ("StatusCallbackEvents[]", "terminal"), ("StatusCallback", "http://127.0.0.1:1/callback"));

        await stage.PlayOutAsync();

        Assert.Equal((3, false), (stage.Ledger.Entries[0].Callbacks[0].Attempts, stage.Ledger.Entries[0].Callbacks[0].Delivered));
    }

    [Fact]
    public async Task Callback_WhenTheClientTakes15Seconds_IsSentAgain()
    {
        await using var stage = await Stage.SetAsync(o => o.CallbackTimeout = TimeSpan.FromSeconds(15));
        var never = new TaskCompletionSource<int>();
        stage.Receiver.Reply = n => n == 1 ? never.Task : Task.FromResult(200);
        await stage.PlaceAsync("+919876543267", ("StatusCallbackEvents[]", "terminal"));

        stage.Clock.Advance(TimeSpan.FromSeconds(1));
        await stage.Receiver.WhenAsync(1);
        stage.Clock.Advance(TimeSpan.FromSeconds(14.999));
        Assert.Empty(stage.Ledger.Entries[0].Callbacks);
        Assert.Single(stage.Receiver.All);
        stage.Clock.Advance(TimeSpan.FromSeconds(0.001));
        await stage.Receiver.WhenAsync(2);
        await stage.Carrier.WhenIdleAsync();

        Assert.Equal((2, true), (stage.Ledger.Entries[0].Callbacks[0].Attempts, stage.Ledger.Entries[0].Callbacks[0].Delivered));
        never.SetResult(200);
    }

    [Fact]
    public async Task Callback_BetweenAttempts_WaitsForTheRetryDelay()
    {
        await using var stage = await Stage.SetAsync(o => o.CallbackRetryDelay = TimeSpan.FromSeconds(2));
        stage.Receiver.Reply = n => Task.FromResult(n == 1 ? 500 : 200);
        await stage.PlaceAsync("+919876543267", ("StatusCallbackEvents[]", "terminal"));

        stage.Clock.Advance(TimeSpan.FromSeconds(1));
        await stage.Ledger.WhenAsync(e => e.EndedAt is not null);
        await stage.Clock.WhenArmedForAsync(TimeSpan.FromSeconds(2));
        stage.Clock.Advance(TimeSpan.FromSeconds(1.999));
        Assert.Single(stage.Receiver.All);
        stage.Clock.Advance(TimeSpan.FromSeconds(0.001));
        await stage.Receiver.WhenAsync(2);

        Assert.Equal(2, stage.Receiver.All.Count);
    }

    [Fact]
    public async Task Callback_WhenAFirstOneIsStillRepeated_DoesNotHoldUpTheNext()
    {
        await using var stage = await Stage.SetAsync(o => o.CallbackRetryDelay = TimeSpan.FromDays(1));
        stage.Receiver.Reply = n => Task.FromResult(n == 1 ? 500 : 200);
        await stage.PlaceAsync(Number, ("StatusCallbackEvents[0]", "answered"), ("StatusCallbackEvents[]", "terminal"));

        stage.Clock.Advance(TimeSpan.FromMinutes(1));
        await stage.Receiver.WhenAsync(2);

        Assert.Equal(["answered", "terminal"], stage.Receiver.All.Select(c => c.Event));
    }
}
