using System.Diagnostics;
using System.Net.Http.Json;

namespace CarrierSimulator.Tests;

/// <summary>A simulator that is killed and started again on the same ledger file.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("carrier-");

    private string LedgerFile => Path.Combine(_folder.FullName, "ledger", "calls.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    [InlineData(8)]
    public async Task Restart_WhileACallIsLive_CarriesItOnToItsPlannedEnd(double killedAfter)
    {
        await using var stage = await Stage.SetAsync(o => o.LedgerFile = LedgerFile);
        var sid = await stage.PlaceAsync("+919876543203");
        stage.Clock.Advance(TimeSpan.FromSeconds(killedAfter));
        await stage.Receiver.WhenAsync(killedAfter switch { < 1 => 0, < 6 => 1, _ => 2 });
        var before = stage.Ledger.Entries[0].ReceivedAt;

        await stage.RestartAsync();
        Assert.Equal(("in-progress", 1), (await StatusAsync(stage, sid), stage.Ledger.Summary().Live));
        await stage.PlayOutAsync();

        var entry = stage.Ledger.Entries[0];
        Assert.Equal((sid, 1.0, 6.0, 15.0), (entry.CallSid, After(entry.RingingAt), After(entry.AnsweredAt), After(entry.EndedAt)));
        Assert.Equal(["ringing", "answered", "terminal"], stage.Receiver.All.Select(c => c.Event).Distinct());
        Assert.Equal("completed", await StatusAsync(stage, sid));
        double After(DateTimeOffset? at) => (at!.Value - before).TotalSeconds;
    }

    [Fact]
    public async Task Restart_AfterACallsEndFellDueMeanwhile_RecordsWhenItEndedAndTellsTheClient()
    {
        await using var stage = await Stage.SetAsync(o => o.LedgerFile = LedgerFile);
        await stage.PlaceAsync("+919876543203");

        await stage.RestartAsync(TimeSpan.FromHours(1));
        await stage.Carrier.WhenIdleAsync();

        var entry = stage.Ledger.Entries[0];
        Assert.Equal(15, (entry.EndedAt!.Value - entry.ReceivedAt).TotalSeconds);
        Assert.Equal(["ringing", "answered", "terminal"], stage.Receiver.All.Select(c => c.Event));
        Assert.Equal("2026-03-02 11:30:15", stage.Receiver.All[2]["EndTime"]);
    }

    [Fact]
    public async Task Restart_WhileACallbackIsUnderWay_SendsItAgain()
    {
        await using var stage = await Stage.SetAsync(o => o.LedgerFile = LedgerFile);
        var never = new TaskCompletionSource<int>();
        stage.Receiver.Reply = n => n == 1 ? never.Task : Task.FromResult(200);
        await stage.PlaceAsync("+919876543267", ("StatusCallbackEvents[]", "terminal"));
        stage.Clock.Advance(TimeSpan.FromSeconds(1));
        await stage.Receiver.WhenAsync(1);

        await stage.RestartAsync();
        await stage.Carrier.WhenIdleAsync();

        Assert.Equal(2, stage.Receiver.All.Count);
        Assert.True(Assert.Single(stage.Ledger.Entries[0].Callbacks).Delivered);
        never.SetResult(200);
    }

    [Fact]
    public async Task Restart_AfterEverythingIsDone_RepeatsNothing()
    {
        await using var stage = await Stage.SetAsync(o => o.LedgerFile = LedgerFile);
        await stage.PlaceAsync("+919876543203");
        await stage.PlayOutAsync();
        var before = stage.Ledger.Entries[0];

        await stage.RestartAsync();
        await stage.PlayOutAsync();

        Assert.Equal(3, stage.Receiver.All.Count);
        Assert.Equal((before.EndedAt, before.EndedEvent), (stage.Ledger.Entries[0].EndedAt, stage.Ledger.Entries[0].EndedEvent));
    }

    [Fact]
    public async Task Restart_BetweenTwoDials_KeepsTheNumbersSequenceAndTheRate()
    {
        await using var stage = await Stage.SetAsync(o => (o.LedgerFile, o.CallsPerMinute) = (LedgerFile, 2));
        await stage.PlaceAsync("+919876543290");
        stage.Clock.Advance(TimeSpan.FromSeconds(10));

        await stage.RestartAsync();
        await stage.PlaceAsync("+919876543290");
        using (var third = await stage.DialAsync("+919876543203"))
        {
            await Stage.JsonAsync(third, 429);
        }

        await stage.PlayOutAsync();
        Assert.Equal(["busy", "completed", null], stage.Ledger.Entries.Select(e => e.FinalStatus));
        Assert.Equal([1L, 2, 3], stage.Ledger.Entries.Select(e => e.Sequence));
        Assert.Equal([1L, 3, 0], stage.Ledger.Entries.Select(e => e.PlacedEvent));
    }

    [Fact]
    public async Task Restart_WhenTheLastLineIsTorn_DropsItAndGoesOn()
    {
        await using var stage = await Stage.SetAsync(o => o.LedgerFile = LedgerFile);
        await stage.PlaceAsync("+919876543203");
        await stage.Carrier.DisposeAsync();
        await File.AppendAllTextAsync(LedgerFile, """{"sequence":2,"receivedAt":"2026""");

        await stage.RestartAsync();
        await stage.PlaceAsync("+919876543204");
        await stage.RestartAsync();

        Assert.Equal(["+919876543203", "+919876543204"], stage.Ledger.Entries.Select(e => e.Number));
    }

    [Fact]
    public async Task Start_WhenTheLedgerFileIsDamaged_SaysWhere()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LedgerFile)!);
        await File.WriteAllTextAsync(LedgerFile, "not json\n");

        var error = await Assert.ThrowsAsync<InvalidDataException>(
            () => CarrierSimulatorHost.StartAsync(new CarrierSimulatorOptions { LedgerFile = LedgerFile }));

        Assert.Contains("line 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenAnotherSimulatorHasTheLedgerFile_Fails()
    {
        await using var stage = await Stage.SetAsync(o => o.LedgerFile = LedgerFile);

        await Assert.ThrowsAsync<IOException>(
            () => CarrierSimulatorHost.StartAsync(new CarrierSimulatorOptions { LedgerFile = LedgerFile }));
    }

    [Fact]
    public async Task KillProcess_WhileCallsAreLive_TheNextProcessEndsThemAndTellsTheClient()
    {
        await using var receiver = await Receiver.StartAsync();
        string[] sids;
        using (var first = await SimulatorProcess.StartAsync(LedgerFile))
        {
            sids = await Task.WhenAll(Enumerable.Range(1, 5).Select(i => first.PlaceAsync($"+91987654320{i}", receiver.Url)));
            first.Kill();
        }

        using var second = await SimulatorProcess.StartAsync(LedgerFile);
        await receiver.WhenAsync(5);

        Assert.Equal(sids.Order(), receiver.All.Select(c => c["CallSid"]).Distinct().Order());
        var entries = await second.Client.GetFromJsonAsync<List<LedgerEntry>>("/ledger");
        Assert.All(entries!, e => Assert.Equal("completed", e.FinalStatus));
        second.Kill();
    }

    private static async Task<string?> StatusAsync(Stage stage, string sid) =>
        (await stage.GetAsync($"Calls/{sid}.json")).GetProperty("Call").GetProperty("Status").GetString();

    private sealed class SimulatorProcess : IDisposable
    {
        private readonly Process _process;

        private SimulatorProcess(Process process, Uri address)
        {
            _process = process;
            Client = new HttpClient { BaseAddress = new Uri(address, Stage.Account) };
            Client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("key:token"u8));
        }

        public HttpClient Client { get; }

        public static async Task<SimulatorProcess> StartAsync(string ledger)
        {
            var dll = typeof(CarrierSimulatorHost).Assembly.Location;
            string[] arguments = [dll, "--port", "0", "--speed", "20", "--ledger", ledger];
            var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, UseShellExecute = false };
            var process = Process.Start(start)!;
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var line = await process.StandardOutput.ReadLineAsync(patience.Token);
            Assert.NotNull(line);
            return new SimulatorProcess(process, new Uri(line.Split("listening on ")[1].Split(',')[0]));
        }

        public async Task<string> PlaceAsync(string number, Uri callback)
        {
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["From"] = number,
                ["CallerId"] = Stage.ExoPhone,
                ["StreamUrl"] = "ws://127.0.0.1/media",
                ["StreamType"] = "bidirectional",
                ["StatusCallback"] = callback.ToString(),
            });
            using var response = await Client.PostAsync("Calls/connect.json", form);
            return (await Stage.JsonAsync(response, 200)).GetProperty("Call").GetProperty("Sid").GetString()!;
        }

        public void Kill()
        {
            _process.Kill();
            _process.WaitForExit();
        }

        public void Dispose()
        {
            Client.Dispose();
            _process.Dispose();
        }
    }
}
