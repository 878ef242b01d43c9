namespace LiveModelSimulator.Tests;

public sealed class OptionsTests
{
    [Fact]
    public async Task StartAsync_WithWrongOptions_NamesEach()
    {
        var options = new LiveModelSimulatorOptions { Port = -1, ApiKey = "", NamePattern = "(", ReplyDelay = TimeSpan.FromSeconds(-1), ChunkMs = 1 };

        var error = await Assert.ThrowsAsync<ArgumentException>(() => LiveModelSimulatorHost.StartAsync(options));

        foreach (var name in (string[])["Port", "ApiKey", "NamePattern", "ReplyDelay", "ChunkMs"])
        {
            Assert.Contains($"LiveModelSimulatorOptions.{name} ", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TryParse_WithEverySwitch_SetsTheOptions()
    {
        var parsed = CommandLine.TryParse(
            [
                "--port", "5071", "--key", "k", "--token", "t", "--text-models", "a,b", "--max-sessions", "5", "--lifetime", "60",
                "--go-away", "10", "--reply-delay", "20", "--audio-speed", "2.5", "--chunk-ms", "20", "--name-pattern", "n(.)",
                "--memory-section", "# M", "--fact-pattern", "f(.)", "--fault-pattern", "x(.)", "--faults", "drop,turn=3",
                "--cheap", "--handle-after-setup", "--refuse-input-during-tool-call",
            ],
            out var options,
            out _);

        Assert.True(parsed);
        Assert.Equal((5071, "k", "t", 2, 5), (options.Port, options.ApiKey, options.AccessToken, options.TextModels.Count, options.MaxSessions));
        Assert.Equal(
            (60, 10, 20, 2.5, 20),
            (options.ConnectionLifetime.TotalSeconds, options.GoAwayTime.TotalSeconds, options.ReplyDelay.TotalMilliseconds, options.AudioSpeed, options.ChunkMs));
        Assert.Equal(
            ("n(.)", "# M", "f(.)", "x(.)", "drop,turn=3"),
            (options.NamePattern, options.MemorySection, options.FactPattern, options.FaultPattern, options.FaultFor!(1)));
        Assert.Equal((true, true, true), (options.Cheap, options.HandleAfterSetup, options.RefuseInputDuringToolCall));
    }

    [Theory]
    [InlineData("--colour", "blue")]
    [InlineData("--port", "x")]
    [InlineData("--faults", "bad-weather")]
    [InlineData("--faults", "drop=3")]
    [InlineData("--name-pattern", "(")]
    [InlineData("--port")]
    public void TryParse_WithAWrongSwitch_SaysSoAndShowsThemAll(params string[] args)
    {
        Assert.False(CommandLine.TryParse(args, out _, out var message));
        Assert.Contains(args[0].Trim('-').Replace("-", "", StringComparison.Ordinal), message.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("--fault-pattern", message, StringComparison.Ordinal);
    }
}
