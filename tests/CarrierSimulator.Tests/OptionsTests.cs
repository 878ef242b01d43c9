namespace CarrierSimulator.Tests;

public sealed class OptionsTests
{
    [Fact]
    public async Task Start_WithWrongOptions_NamesEachOfThem()
    {
        var options = new CarrierSimulatorOptions { Speed = 0, ExoPhones = ["bob"], CallsPerMinute = 0, ApiKey = "a:b" };
        options.MediaStream.ChunkMilliseconds = 30;

        var error = await Assert.ThrowsAsync<ArgumentException>(() => CarrierSimulatorHost.StartAsync(options));

        Assert.All(
            ["Speed", "ExoPhones", "CallsPerMinute", "ApiKey", "MediaStream.ChunkMilliseconds"],
            name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void TryParse_WithEverySwitch_SetsTheOptions()
    {
        var parsed = CommandLine.TryParse(
            [
                "--port", "5070", "--account", "a", "--key", "k", "--token", "t", "--exophones", "08047191234,08047195678",
                "--calls-per-minute", "none", "--active-streams", "5", "--speed", "2.5", "--callback-format", "rotate", "--hold", "7",
                "--media", "--media-chunk", "20", "--names", "camelcase", "--numbers", "rotate", "--custom-parameters", "emptystring",
                "--marks-after-clear", "atonce", "--max-lead", "2.5", "--handshake-timeout", "3", "--start-delay", "never",
                "--patience", "9",
                "--ledger", "x", "--retry-after", "--lookups-share-limit", "--lenient", "--minimal-callbacks", "--instant-answer",
            ],
            out var options,
            out _);

        Assert.True(parsed);
        Assert.Equal(
            (5070, "a", "k", "t", 2),
            (options.Port, options.AccountSid, options.ApiKey, options.ApiToken, options.ExoPhones.Count));
        Assert.Equal((null, 5, 2.5), (options.CallsPerMinute, options.ActiveStreams, options.Speed));
        Assert.Equal((CallbackFormat.Rotate, 7, "x"), (options.CallbackFormat, options.HoldResponse.TotalSeconds, options.LedgerFile));
        Assert.Equal(
            (true, true, false, true, true),
            (options.RetryAfter, options.LookupsShareLimit, options.Strict, options.MinimalCallbacks, options.InstantAnswer));
        var media = options.MediaStream;
        Assert.Equal(
            (true, 20, MediaNames.CamelCase, MediaNumbers.Rotate, MediaCustomParameters.EmptyString, MarksAfterClear.AtOnce),
            (options.Media, media.ChunkMilliseconds, media.Names, media.Numbers, media.CustomParameters, media.MarksAfterClear));
        Assert.Equal((2.5, 3, 9), (media.MaxLead.TotalSeconds, media.HandshakeTimeout.TotalSeconds, media.Patience.TotalSeconds));
        Assert.Equal(Timeout.InfiniteTimeSpan, media.StartDelay);
    }

    [Theory]
    [InlineData("--colour", "blue")]
    [InlineData("--port", "x")]
    [InlineData("--callback-format", "xml")]
    [InlineData("--speed", "0")]
    [InlineData("--port")]
    public void TryParse_WithAWrongSwitch_SaysSoAndShowsThemAll(params string[] args)
    {
        Assert.False(CommandLine.TryParse(args, out _, out var message));
        Assert.Contains(args[0].Trim('-'), message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("--ledger", message, StringComparison.Ordinal);
    }
}
