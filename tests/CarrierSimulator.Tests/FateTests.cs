using System.Globalization;
using System.Text.Json;

namespace CarrierSimulator.Tests;

/// <summary>Each row of the table does what it promises: response, ledger, callbacks.</summary>
public sealed class FateTests
{
    // By the row's first digits, per request: the reply, the outcome, and the callbacks (R ringing, A answered, U unknown, T terminal).
    private static readonly Dictionary<int, string[]> s_promises = new()
    {
        [0] = ["200 completed RAT"],
        [50] = ["200 no-answer RT"],
        [60] = ["200 busy T"],
        [67] = ["200 failed T"],
        [70] = ["200 completed RAT"],
        [71] = ["200 completed RAT"],
        [72] = ["400 rejected -", "400 rejected -"],
        [73] = ["429 deferred -", "200 completed RAT"],
        [74] = ["429+5 deferred -", "200 completed RAT"],
        [75] = ["500 completed RAT"],
        [76] = ["500 not-placed -", "500 not-placed -"],
        [77] = ["silence completed RAT"],
        [78] = ["200-without-sid completed RAT"],
        [79] = ["200-unreadable completed RAT"],
        [80] = ["reset completed RAT"],
        [81] = ["200-after-callbacks completed RAT"],
        [82] = ["200 completed -"],
        [83] = ["200 completed RA"],
        [84] = ["200 completed RRAATT"],
        [85] = ["200 completed RAT"],
        [86] = ["200 completed RTA"],
        [87] = ["200 completed RAUT"],
        [88] = ["200 completed RRAT"],
        [89] = ["200 canceled RT"],
        [90] = ["200 busy T", "200 completed RAT", "200 completed RAT"],
        [91] = ["200 no-answer RT", "200 no-answer RT", "200 completed RAT"],
        [92] = ["200 failed T", "200 completed RAT"],
        [93] = ["200 no-answer -"],
        [94] = ["500 busy T"],
        [95] = ["silence no-answer RT"],
        [96] = ["500 completed -"],
        [97] = ["reset not-placed -"],
        [98] = ["200 failed TT"],
        [99] = ["200 completed RAT"],
    };

    public static TheoryData<int> EveryRow => [.. Fates.Rows.SelectMany(r => r.First == r.Last ? [r.First] : new[] { r.First, r.Last })];

    [Theory]
    [MemberData(nameof(EveryRow))]
    public async Task Connect_ByLastTwoDigits_KeepsThePromiseOfItsRow(int digits)
    {
        await using var stage = await Stage.SetAsync();
        var number = $"+9198765432{digits:00}";
        var ordinal = 0;
        foreach (var promise in s_promises[Fates.Rows.Single(r => digits >= r.First && digits <= r.Last).First])
        {
            var parts = promise.Split(' ');
            var before = stage.Receiver.All.Count;
            var script = Fates.For(number).Dial(++ordinal);

            await ReplyIsAsync(stage, number, parts[0], ordinal);
            await stage.PlayOutAsync();

            var entry = stage.Ledger.Entries[ordinal - 1];
            Assert.Equal((number, ordinal, "session-1"), (entry.Number, entry.Attempt, entry.CustomField));
            Assert.Equal(parts[1], script.Outcome.Wire());
            Assert.Equal(script.Placed, entry.Placed);
            Assert.Equal(entry.Placed ? parts[1] : null, entry.FinalStatus);
            Assert.Equal(script.Outcome == DialOutcome.Completed, entry.AnsweredAt is not null);
            Assert.Equal(entry.AnsweredAt - entry.RingingAt ?? script.Ring, script.Ring);
            Assert.Equal(entry.EndedAt - entry.AnsweredAt ?? script.Talk, script.Talk);
            var callbacks = stage.Receiver.All.Skip(before).ToList();
            Assert.Equal(parts[2].Trim('-'), string.Concat(callbacks.Select(Letter)));
            Assert.All(callbacks, c => Assert.Equal(entry.CallSid, c["CallSid"]));
            Assert.All(callbacks.Where(c => c.Event == "terminal"), c => Assert.Equal(parts[1], c["Status"]));
            Assert.All(callbacks.Where(c => c.Event == "answered"), c => Assert.Equal("in-progress", c["Status"]));
        }

        Assert.Empty(stage.Ledger.Summary().Overlaps);
    }

    [Fact]
    public void Promises_Always_CoverEveryRow() => Assert.Equal(Fates.Rows.Select(r => r.First), s_promises.Keys);

    [Fact]
    public void Rows_Always_CoverEachTwoDigitsOnce() =>
        Assert.Equal(Enumerable.Range(0, 100), Fates.Rows.SelectMany(r => Enumerable.Range(r.First, r.Last - r.First + 1)));

    [Fact]
    public void Usual_ForEveryDigits_TalksBetween4And90Seconds() =>
        Assert.All(Enumerable.Range(0, 50), d => Assert.InRange(Fates.For($"{d:00}").Dial(1).Talk.TotalSeconds, 4, 90));

    [Theory]
    [InlineData("03", 1, "completed", 1, 1)]
    [InlineData("55", 1, "no-answer", 1, 1)]
    [InlineData("55", 3, "no-answer", 3, 3)]
    [InlineData("72", 3, "rejected", 0, 1)]
    [InlineData("73", 1, "completed", 1, 2)]
    [InlineData("76", 3, "not-placed", 0, 1)]
    [InlineData("89", 3, "canceled", 1, 1)]
    [InlineData("90", 1, "busy", 1, 1)]
    [InlineData("90", 2, "completed", 2, 2)]
    [InlineData("91", 2, "no-answer", 2, 2)]
    [InlineData("91", 5, "completed", 3, 3)]
    public void After_WithSoManyAttempts_TellsTheFinalOutcome(string digits, int attempts, string outcome, int dials, int requests)
    {
        var result = Fates.For("+9198765432" + digits).After(attempts);

        Assert.Equal((outcome, dials, requests), (result.Outcome.Wire(), result.Dials, result.Requests));
    }

    [Fact]
    public void After_WhenTheClientDoesNotRedialBusy_StopsAtBusy() =>
        Assert.Equal(DialOutcome.Busy, Fates.For("90").After(3, new HashSet<DialOutcome> { DialOutcome.NoAnswer }).Outcome);

    [Fact]
    public async Task Readme_Always_ShowsTheTablesOfTheCode()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Campaigns.Orleans.sln")))
        {
            folder = folder.Parent!;
        }

        var readme = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "samples", "CarrierSimulator", "README.md"));

        Assert.Equal(Fates.Markdown(), readme.Split("<!-- fates -->\n")[1].Split("<!-- /fates -->")[0]);
        Assert.Equal(People.Markdown(), readme.Split("<!-- people -->\n")[1].Split("<!-- /people -->")[0]);
    }

    [Fact]
    public async Task FatesPage_Always_ListsEveryRow()
    {
        await using var stage = await Stage.SetAsync();

        var rows = await stage.GetAsync("/fates");

        Assert.Equal(Fates.Rows.Select(r => r.Name), rows.EnumerateArray().Select(r => r.GetProperty("name").GetString()));
        var ninety = rows.EnumerateArray().Single(r => r.GetProperty("first").GetInt32() == 90);
        Assert.Equal("busy", ninety.GetProperty("dials")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task LateTerminal_UntilItsTime_IsNotSent()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PlaceAsync("+919876543285", ("StatusCallbackEvents[]", "terminal"));

        stage.Clock.Advance(TimeSpan.FromSeconds(1 + 4 + 12));
        Assert.NotNull(stage.Ledger.Entries[0].EndedAt);
        stage.Clock.Advance(TimeSpan.FromSeconds(19.999));
        Assert.False(stage.Carrier.WhenIdleAsync().IsCompleted);
        Assert.Empty(stage.Receiver.All);
        stage.Clock.Advance(TimeSpan.FromSeconds(0.001));
        await stage.Receiver.WhenAsync(1);

        Assert.Equal("terminal", stage.Receiver.All[0].Event);
    }

    [Fact]
    public async Task OutOfOrder_WithTerminalOnly_StillSendsAnsweredAfterIt()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PlaceAsync("+919876543286", ("StatusCallbackEvents[]", "terminal"));

        await stage.PlayOutAsync();

        Assert.Equal(["terminal", "answered"], stage.Receiver.All.Select(c => c.Event));
    }

    private static string Letter(Received callback) => callback.Event switch
    {
        "ringing" => "R",
        "answered" => "A",
        "terminal" => "T",
        _ when callback["Status"] == "wrapping-up" => "U",
        _ => "?",
    };

    private static async Task ReplyIsAsync(Stage stage, string number, string reply, int ordinal)
    {
        switch (reply)
        {
            case "silence":
                using (var patience = new CancellationTokenSource())
                {
                    var dial = stage.Client.PostAsync("Calls/connect.json", new FormUrlEncodedContent(stage.Form(number)), patience.Token);

                    // Ringing, its callback, the end and its callback, and the held response itself: at least five timers.
                    await stage.Clock.WhenArmedAsync(5);
                    stage.Clock.Advance(TimeSpan.FromSeconds(20));
                    Assert.False(dial.IsCompleted);
                    await patience.CancelAsync();
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dial);
                }

                break;
            case "reset":
                await Assert.ThrowsAsync<HttpRequestException>(() => stage.DialAsync(number));
                break;
            case "200-after-callbacks":
                var early = stage.DialAsync(number);
                await stage.Clock.WhenArmedAsync(6);
                Assert.False(early.IsCompleted);
                stage.Clock.Advance(TimeSpan.FromMinutes(1));
                using (var response = await early)
                {
                    Assert.Equal("terminal", stage.Receiver.All[^1].Event);
                    Assert.Equal(stage.Receiver.All[^1]["CallSid"], await SidAsync(response));
                }

                break;
            default:
                using (var response = await stage.DialAsync(number))
                {
                    await ResponseIsAsync(stage, response, reply, ordinal);
                }

                break;
        }

        Assert.Equal(
            reply == "reset" ? null : int.Parse(reply == "silence" ? "200" : reply[..3], CultureInfo.InvariantCulture),
            stage.Ledger.Entries[ordinal - 1].HttpStatus);
    }

    private static async Task ResponseIsAsync(Stage stage, HttpResponseMessage response, string reply, int ordinal)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(reply[..3], ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
        Assert.Equal(reply == "429+5" ? "5" : null, response.Headers.RetryAfter?.ToString());
        switch (reply)
        {
            case "200":
                Assert.Equal(stage.Ledger.Entries[ordinal - 1].CallSid, await SidAsync(response));
                break;
            case "200-without-sid":
                Assert.DoesNotContain(stage.Ledger.Entries[ordinal - 1].CallSid!, text, StringComparison.Ordinal);
                Assert.Contains("\"Call\"", text, StringComparison.Ordinal);
                break;
            case "200-unreadable":
                Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(text));
                break;
            default:
                Assert.Equal(
                    reply[..3],
                    JsonDocument.Parse(text).RootElement.GetProperty("RestException").GetProperty("Status").GetRawText());
                break;
        }
    }

    private static async Task<string?> SidAsync(HttpResponseMessage response) =>
        (await Stage.JsonAsync(response, 200)).GetProperty("Call").GetProperty("Sid").GetString();
}
