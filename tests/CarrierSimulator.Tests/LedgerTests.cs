using System.Text.Json;

namespace CarrierSimulator.Tests;

public sealed class LedgerTests
{
    [Fact]
    public async Task Ledger_OverHttp_ShowsEachRequestAndItsCall()
    {
        await using var stage = await Stage.SetAsync();
        var sid = await stage.PlaceAsync("09876543203");
        using (var refused = await stage.DialAsync("+919876543272", ("CustomField", "session-2")))
        {
            await Stage.JsonAsync(refused, 400);
        }

        await stage.PlayOutAsync();
        var entries = (await stage.GetAsync("/ledger")).EnumerateArray().ToList();

        var (call, rejected) = (entries[0], entries[1]);
        Assert.Equal(
            (1, "+919876543203", "session-1", sid),
            (call.GetProperty("sequence").GetInt32(), Text(call, "number"), Text(call, "customField"), Text(call, "callSid")));
        Assert.Equal(
            (true, 200, "completed"),
            (call.GetProperty("placed").GetBoolean(), call.GetProperty("httpStatus").GetInt32(), Text(call, "finalStatus")));
        Assert.Equal((stage.Receiver.Url.ToString(), "ws://127.0.0.1/media/1"), (Text(call, "statusCallback"), Text(call, "streamUrl")));
        var at = call.GetProperty("receivedAt").GetDateTimeOffset();
        Assert.Equal(
            [1.0, 6.0, 15.0],
            new[] { "ringingAt", "answeredAt", "endedAt" }.Select(name => (call.GetProperty(name).GetDateTimeOffset() - at).TotalSeconds));
        Assert.Equal(
            (false, 400, "session-2"),
            (rejected.GetProperty("placed").GetBoolean(), rejected.GetProperty("httpStatus").GetInt32(), Text(rejected, "customField")));
        Assert.Single((await stage.GetAsync("/ledger?after=1")).EnumerateArray());
        Assert.Single((await stage.GetAsync("/ledger?number=%2B919876543203")).EnumerateArray());
    }

    [Fact]
    public async Task Summary_OverHttp_CountsDialsAndConcurrency()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PlaceAsync("+919876543203", ("CustomField", "a"));
        await stage.PlaceAsync("+919876543204", ("CustomField", "b"));
        await stage.PlayOutAsync();
        await stage.PlaceAsync("+919876543203", ("CustomField", "b"));
        using (var refused = await stage.DialAsync("+919876543272", ("CustomField", "c")))
        {
            await Stage.JsonAsync(refused, 400);
        }

        var summary = await stage.GetAsync("/ledger/summary");

        Assert.Equal((4, 3, 2), (Int("requests"), Int("dials"), Int("distinctNumbers")));
        Assert.Equal((1, 2, 2), (Int("live"), Int("maxConcurrent"), Int("maxDialsPerMinute")));
        Assert.Equal(0, summary.GetProperty("overlaps").GetArrayLength());
        Assert.Equal("""{"a":1,"b":2}""", summary.GetProperty("dialsByCustomField").GetRawText());
        Assert.Equal("""{"completed":2}""", summary.GetProperty("finalStatuses").GetRawText());
        int Int(string name) => summary.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Summary_WhenANumberIsDialledWhileItsCallIsLive_NamesBothCalls()
    {
        await using var stage = await Stage.SetAsync();
        var first = await stage.PlaceAsync("+919876543203");
        stage.Clock.Advance(TimeSpan.FromSeconds(14.9999999));
        var second = await stage.PlaceAsync("09876543203");

        await stage.PlayOutAsync();

        Assert.Equal(new Overlap("+919876543203", first, second), Assert.Single(stage.Ledger.Summary().Overlaps));
        Assert.Equal(2, stage.Ledger.Summary().MaxConcurrent);
    }

    [Fact]
    public async Task Summary_WhenANumberIsDialledAtTheInstantItsCallEnded_SeesNoOverlap()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PlaceAsync("+919876543203");
        stage.Clock.Advance(TimeSpan.FromSeconds(15));

        await stage.PlaceAsync("+919876543203");

        Assert.Equal(stage.Ledger.Entries[0].EndedAt, stage.Ledger.Entries[1].ReceivedAt);
        Assert.Empty(stage.Ledger.Summary().Overlaps);
        Assert.Equal(1, stage.Ledger.Summary().MaxConcurrent);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void SummaryOf_RandomCalls_AgreesWithCountingEveryInstant(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 100; round++)
        {
            var entries = RandomEntries(random, random.Next(1, 40));
            var dials = entries.Where(e => e.Placed).ToList();

            var summary = LedgerSummary.Of(entries);

            Assert.Equal(
                dials.Select(d => dials.Count(other => LiveAt(other, d.PlacedEvent))).DefaultIfEmpty().Max(),
                summary.MaxConcurrent);
            Assert.Equal(
                dials.Select(d => dials.Count(o => InMinute(d, o))).DefaultIfEmpty().Max(),
                summary.MaxDialsPerMinute);
            Assert.Equal(
                dials.SelectMany(d => dials.Where(o => Overlap(o, d)).Select(o => (o.CallSid, d.CallSid))).Order(),
                summary.Overlaps.Select(o => (o.FirstCallSid, o.SecondCallSid)).Order()!);
            Assert.Equal((dials.Count, dials.Count(d => d.Live)), (summary.Dials, summary.Live));
        }

        static bool InMinute(LedgerEntry first, LedgerEntry other) =>
            first.ReceivedAt <= other.ReceivedAt && other.ReceivedAt < first.ReceivedAt.AddMinutes(1);

        static bool Overlap(LedgerEntry first, LedgerEntry second) =>
            first.Number == second.Number && first.PlacedEvent < second.PlacedEvent && LiveAt(first, second.PlacedEvent);

        static bool LiveAt(LedgerEntry call, long instant) =>
            call.PlacedEvent <= instant && (call.EndedEvent == 0 || call.EndedEvent > instant);
    }

    [Fact]
    public async Task Speed_WhenSet_ShortensRingingAndTalkingButNotTheRate()
    {
        await using var stage = await Stage.SetAsync(o => (o.Speed, o.CallsPerMinute) = (10, 1));
        await stage.PlaceAsync("+919876543203");

        stage.Clock.Advance(TimeSpan.FromSeconds(1.5));
        await stage.Carrier.WhenIdleAsync();

        var entry = stage.Ledger.Entries[0];
        Assert.Equal(
            (0.5, 0.9),
            ((entry.AnsweredAt - entry.RingingAt)!.Value.TotalSeconds, (entry.EndedAt - entry.AnsweredAt)!.Value.TotalSeconds));
        Assert.Equal("9", stage.Receiver.All[^1]["ConversationDuration"]);
        using var second = await stage.DialAsync("+919876543204");
        await Stage.JsonAsync(second, 429);
    }

    [Fact]
    public async Task WhenAsync_WhenCancelled_StopsWaiting()
    {
        await using var stage = await Stage.SetAsync();
        using var cancelled = new CancellationTokenSource();
        var waiting = stage.Ledger.WhenAsync(e => e.Placed, cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Load_ThroughRealTimeAndSockets_LosesNothing()
    {
        // Real clock, high speed: every kind of outcome at once, with no test driving the timers.
        await using var receiver = await Receiver.StartAsync();
        var options = new CarrierSimulatorOptions { Speed = 1000, CallsPerMinute = null, CallbackFormat = CallbackFormat.Rotate };
        await using var carrier = await CarrierSimulatorHost.StartAsync(options);
        using var client = new HttpClient { BaseAddress = new Uri(carrier.BaseAddress, Stage.Account) };
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("key:token"u8));
        var numbers = Enumerable.Range(0, 400).Select(i => $"+91987{i / 70:00000}{i % 70:00}").ToList();

        await Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (number, token) =>
        {
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["From"] = number,
                ["CallerId"] = Stage.ExoPhone,
                ["StreamUrl"] = "ws://127.0.0.1/media",
                ["StreamType"] = "bidirectional",
                ["StatusCallback"] = receiver.Url.ToString(),
                ["CustomField"] = number,
            });
            using var response = await client.PostAsync("Calls/connect.json", form, token);
            response.EnsureSuccessStatusCode();
        });
        await carrier.WhenIdleAsync().WaitAsync(TimeSpan.FromSeconds(60));

        var summary = carrier.Ledger.Summary();
        Assert.Equal((400, 400, 0), (summary.Dials, summary.DialsByCustomField.Count, summary.Live));
        Assert.Equal(numbers.Order(), carrier.Ledger.Entries.Select(e => e.Number).Order());
        Assert.All(carrier.Ledger.Entries, e => Assert.Equal(Fates.For(e.Number).Dial(1).Outcome.Wire(), e.FinalStatus));
        Assert.Equal(
            carrier.Ledger.Entries.Select(e => (e.CallSid, e.FinalStatus)).Order(),
            receiver.All.Select(c => ((string?)c["CallSid"], (string?)c["Status"])).Order());
    }

    private static List<LedgerEntry> RandomEntries(Random random, int count)
    {
        var (entries, live, order, now) = (new List<LedgerEntry>(), new List<int>(), 0L, DateTimeOffset.UnixEpoch);
        while (entries.Count < count)
        {
            now += TimeSpan.FromSeconds(random.Next(0, 20));
            if (live.Count > 0 && random.Next(2) == 0)
            {
                var index = live[random.Next(live.Count)];
                live.Remove(index);
                entries[index] = entries[index] with { EndedAt = now, EndedEvent = ++order, FinalStatus = "completed" };
                continue;
            }

            var placed = random.Next(5) > 0;
            if (placed)
            {
                live.Add(entries.Count);
            }

            entries.Add(new LedgerEntry
            {
                Sequence = entries.Count + 1,
                ReceivedAt = now,
                Number = $"+9198765432{random.Next(5):00}",
                CallerId = "+918047191234",
                Placed = placed,
                PlacedEvent = placed ? ++order : 0,
                CallSid = placed ? $"{entries.Count:x32}" : null,
            });
        }

        return entries;
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
