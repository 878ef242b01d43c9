using System.Text.Json;
using System.Xml.Linq;

namespace CarrierSimulator.Tests;

public sealed class LookupTests
{
    [Fact]
    public async Task Call_WhileLive_IsInProgress()
    {
        await using var stage = await Stage.SetAsync();
        var sid = await stage.PlaceAsync("+919876543203");

        var call = (await stage.GetAsync($"Calls/{sid}.json?details=true")).GetProperty("Call");

        Assert.Equal(("in-progress", "09876543203", Stage.ExoPhone), (Text(call, "Status"), Text(call, "From"), Text(call, "To")));
        Assert.Equal((null, null, null), (Text(call, "EndTime"), Text(call, "Duration"), Text(call, "Price")));
        Assert.Equal("in-progress", Text(call.GetProperty("Details"), "Leg1Status"));
    }

    [Fact]
    public async Task Call_AfterItEnded_HasItsStatusAtOnceAndItsTimesTwoMinutesLater()
    {
        await using var stage = await Stage.SetAsync();
        var sid = await stage.PlaceAsync("+919876543203");
        stage.Clock.Advance(TimeSpan.FromSeconds(15));

        var early = (await stage.GetAsync($"Calls/{sid}.json")).GetProperty("Call");
        stage.Clock.Advance(TimeSpan.FromMinutes(2));
        var settled = (await stage.GetAsync($"Calls/{sid}.json?details=true")).GetProperty("Call");

        Assert.Equal(("completed", null, null), (Text(early, "Status"), Text(early, "EndTime"), Text(early, "Duration")));
        Assert.False(early.TryGetProperty("Details", out _));
        Assert.Equal(("2026-03-02 11:30:15", "9", "0.750"), (Text(settled, "EndTime"), Text(settled, "Duration"), Text(settled, "Price")));
        var details = settled.GetProperty("Details");
        Assert.Equal((9, "completed"), (details.GetProperty("ConversationDuration").GetInt32(), Text(details, "Leg1Status")));
        Assert.Equal(9, details.GetProperty("Legs")[0].GetProperty("Leg").GetProperty("OnCallDuration").GetInt32());
    }

    [Fact]
    public async Task Call_WhenUnknown_Is404()
    {
        await using var stage = await Stage.SetAsync();

        await stage.GetAsync("Calls/0123456789abcdef0123456789abcdef.json", 404);
    }

    [Fact]
    public async Task Call_WhoseConnectFailedButWasPlaced_IsFoundByNumberAndTime()
    {
        await using var stage = await Stage.SetAsync();
        using (var response = await stage.DialAsync("+919876543296"))
        {
            await Stage.JsonAsync(response, 500);
        }

        await stage.PlayOutAsync();
        var found = await BulkAsync(stage, "From=%2B919876543296&DateCreated=gte:2026-03-02 11:30:00;lte:2026-03-02 11:30:00");

        Assert.Equal([stage.Ledger.Entries[0].CallSid], Sids(found));
        Assert.Equal("completed", Text(found.GetProperty("Calls")[0], "Status"));
    }

    [Fact]
    public async Task Xml_OfBothLookUps_HasTheTwilioResponseRoot()
    {
        await using var stage = await Stage.SetAsync();
        var sid = await stage.PlaceAsync("+919876543203");
        await stage.PlaceAsync("+919876543204");

        var one =
            XDocument.Parse(await stage.Client.GetStringAsync($"Calls/{sid}?details=true")).Element("TwilioResponse")!.Element("Call")!;
        var all = XDocument.Parse(await stage.Client.GetStringAsync("Calls")).Element("TwilioResponse")!;
        var streams = XDocument.Parse(await stage.Client.GetStringAsync("ActiveStreams")).Element("TwilioResponse")!.Element("Stream")!;

        Assert.Equal(
            (sid, "1"),
            (one.Element("Sid")!.Value, one.Element("Details")!.Element("Legs")!.Element("Leg")!.Element("Id")!.Value));
        Assert.Equal(("2", 2), (all.Element("Metadata")!.Element("Total")!.Value, all.Element("Calls")!.Elements("Call").Count()));
        Assert.Equal("2", streams.Element("ActiveStreamCount")!.Value);
    }

    [Fact]
    public async Task Bulk_WithEachFilter_GivesTheMatchingCalls()
    {
        await using var stage = await Stage.SetAsync(o => o.ExoPhones = [Stage.ExoPhone, "08047195678"]);
        var a = await stage.PlaceAsync("+919876543201");
        var b = await stage.PlaceAsync("+919876543261", ("CallerId", "08047195678"));
        stage.Clock.Advance(TimeSpan.FromMinutes(10));
        var c = await stage.PlaceAsync("+919876543203");
        using (var refused = await stage.DialAsync("+919876543272"))
        {
            await Stage.JsonAsync(refused, 400);
        }

        Assert.Equal([c, b, a], Sids(await BulkAsync(stage, "")));
        Assert.Equal([a, b, c], Sids(await BulkAsync(stage, "SortBy=DateCreated:asc")));
        Assert.Equal([c, a], Sids(await BulkAsync(stage, $"Sid={a},{c},0123456789abcdef0123456789abcdef")));
        Assert.Equal([a], Sids(await BulkAsync(stage, "From=09876543201")));
        Assert.Equal([c, b], Sids(await BulkAsync(stage, "From=%2B919876543203,%2B919876543261")));
        Assert.Equal([b], Sids(await BulkAsync(stage, "To=%2B918047195678")));
        Assert.Equal([b], Sids(await BulkAsync(stage, "PhoneNumber=08047195678")));
        Assert.Equal([b], Sids(await BulkAsync(stage, "Status=busy")));
        Assert.Equal([c, a], Sids(await BulkAsync(stage, "Status=completed,in-progress")));
        Assert.Equal([], Sids(await BulkAsync(stage, "Direction=inbound")));
        Assert.Equal([c], Sids(await BulkAsync(stage, "DateCreated=gte:2026-03-02 11:30:01")));
        Assert.Equal([b, a], Sids(await BulkAsync(stage, "DateCreated=gte:2026-03-02 11:00:00;lte:2026-03-02 11:30:00")));
    }

    [Theory]
    [InlineData("PageSize=0")]
    [InlineData("PageSize=101")]
    [InlineData("PageSize=x")]
    [InlineData("From=bob")]
    [InlineData("From=09876543201,09876543202,09876543203,09876543204,09876543205,09876543206")]
    [InlineData("SortBy=Price")]
    [InlineData("DateCreated=2026-03-02")]
    [InlineData("DateCreated=gte:2026-03-02T00:00:00")]
    [InlineData("DateCreated=gte:2026-01-01 00:00:00;lte:2026-03-01 00:00:00")]
    [InlineData("RecordingUrlValidity=61")]
    [InlineData("Before=abc")]
    [InlineData("Before=MQ==&After=MQ==")]
    [InlineData("Sid=a,,b")]
    [InlineData("Colour=blue")]
    public async Task Bulk_WhenAParameterIsWrong_Is400(string query)
    {
        await using var stage = await Stage.SetAsync();

        await stage.GetAsync($"Calls.json?{query}", 400);
    }

    [Theory]
    [InlineData(100, 200)]
    [InlineData(101, 400)]
    public async Task Bulk_WithManySids_TakesAHundred(int count, int status)
    {
        await using var stage = await Stage.SetAsync();

        await stage.GetAsync($"Calls.json?Sid={string.Join(',', Enumerable.Range(0, count).Select(i => $"{i:x32}"))}", status);
    }

    [Theory]
    [InlineData("DateCreated:desc")]
    [InlineData("DateCreated:asc")]
    public async Task Bulk_PageByPage_GivesEveryCallOnceInBothDirections(string sort)
    {
        await using var stage = await Stage.SetAsync();
        var placed = new List<string>();
        for (var i = 10; i < 17; i++)
        {
            placed.Add(await stage.PlaceAsync($"+9198765432{i}"));
        }

        var (forward, pages) = (new List<string?>(), new List<List<string?>>());
        string? next = $"Calls.json?PageSize=3&SortBy={sort}", previous = null;
        while (next is not null)
        {
            var page = await stage.GetAsync(next);
            var metadata = page.GetProperty("Metadata");
            Assert.Equal((7, 3), (metadata.GetProperty("Total").GetInt32(), metadata.GetProperty("PageSize").GetInt32()));
            Assert.Equal(forward.Count == 0, Text(metadata, "PrevPageUri") is null);
            forward.AddRange(Sids(page));
            pages.Add(Sids(page));
            (next, previous) = (Text(metadata, "NextPageUri"), Text(metadata, "PrevPageUri"));
        }

        Assert.Equal(sort.EndsWith("asc", StringComparison.Ordinal) ? placed : Enumerable.Reverse(placed), forward);
        var back = await stage.GetAsync(previous!);
        Assert.Equal(pages[1], Sids(back));
        var first = await stage.GetAsync(Text(back.GetProperty("Metadata"), "PrevPageUri")!);
        Assert.Equal(pages[0], Sids(first));
        Assert.Null(Text(first.GetProperty("Metadata"), "PrevPageUri"));
    }

    private static Task<JsonElement> BulkAsync(Stage stage, string query) => stage.GetAsync($"Calls.json?{query}");

    private static List<string?> Sids(JsonElement page) => [.. page.GetProperty("Calls").EnumerateArray().Select(c => Text(c, "Sid"))];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
