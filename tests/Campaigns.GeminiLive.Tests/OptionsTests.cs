using Campaigns.GeminiLive.Tests.Bed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Campaigns.GeminiLive.Tests;

/// <summary>Wrong options fail the start and name every error; right ones are bound.</summary>
public sealed class OptionsTests
{
    private static readonly Uri Address = new("http://127.0.0.1:9/");

    [Fact]
    public void Validate_WhenEverythingIsWrong_NamesEveryError()
    {
        var options = new GeminiOptions
        {
            Platform = (GeminiPlatform)7,
            Model = "models/x",
            Family = (GeminiFamily)9,
            ApiKey = "a b",
            BaseAddress = new Uri("http://gemini.example.org/?key=x"),
            CredentialFile = "/no/such/file.json",
            ExtractionModel = "",
            ExtractionTimeout = TimeSpan.Zero,
            ConnectTimeout = TimeSpan.Zero,
            SetupTimeout = TimeSpan.FromHours(1),
            SendTimeout = TimeSpan.Zero,
            ConnectionLifetime = TimeSpan.FromSeconds(5),
            ResumeBudget = TimeSpan.FromHours(1),
            StableAfter = TimeSpan.Zero,
            UplinkBuffer = TimeSpan.FromMinutes(1),
            CompressionTrigger = 10_000,
            CompressionTarget = 10_000,
            Thinking = (GeminiThinking)9,
            ThinkingBudget = -1,
            StartSensitivity = (GeminiSensitivity)9,
            EndSensitivity = (GeminiSensitivity)9,
            SilenceDuration = TimeSpan.FromMinutes(1),
            PrefixPadding = TimeSpan.FromSeconds(-1),
            TranscriptionLanguages = ["not a language"],
            MaxSessions = 0,
        };
        var failures = new GeminiOptionsValidator().Validate(null, options).Failures!.ToList();
        var named = failures.Select(f => f.Split(' ')[0].Split('.')[1]).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(
            [
                "ApiKey", "BaseAddress", "BaseAddress", "CompressionTarget", "ConnectTimeout", "ConnectionLifetime", "CredentialFile", "EndSensitivity",
                "ExtractionModel", "ExtractionTimeout", "Family", "MaxSessions", "Model", "Platform", "PrefixPadding", "ResumeBudget", "SendTimeout",
                "SetupTimeout", "SilenceDuration", "StableAfter", "StartSensitivity", "Thinking", "ThinkingBudget", "TranscriptionLanguages",
                "UplinkBuffer",
            ],
            named);
    }

    [Fact]
    public void Validate_WhenVertexLacksItsPlace_NamesProjectAndLocationAndNotTheKey()
    {
        var result = new GeminiOptionsValidator().Validate(
            null, new GeminiOptions { Platform = GeminiPlatform.Vertex, Model = "m", ExtractionModel = "m", Location = "US Central" });
        Assert.Equal(["GeminiOptions.Project", "GeminiOptions.Location"], result.Failures!.Select(f => f.Split(' ')[0]));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000", false, true)]
    [InlineData("ws://localhost:5000", false, true)]
    [InlineData("http://gemini.example.org", false, false)]
    [InlineData("http://gemini.example.org", true, true)]
    [InlineData("wss://gemini.example.org", false, true)]
    [InlineData("https://user:pass@gemini.example.org", false, false)]
    [InlineData("ftp://gemini.example.org", true, false)]
    public void Validate_WhenAddressIsPlain_TakesItOnlyWhereNobodyListens(string address, bool allowed, bool valid)
    {
        var options = new GeminiOptions
        {
            Model = "m",
            ExtractionModel = "m",
            ApiKey = "k",
            BaseAddress = new Uri(address),
            AllowPlainText = allowed,
        };
        Assert.Equal(valid, new GeminiOptionsValidator().Validate(null, options).Succeeded);
    }

    [Fact]
    public void Bind_WhenSectionIsFull_FillsTheOptions()
    {
        var values = Rig.Settings(Address);
        values["Platform"] = "Vertex";
        values["Project"] = "acme";
        values["Location"] = "asia-south1";
        values["Thinking"] = "Low";
        values["EndSensitivity"] = "Low";
        values["TranscriptionLanguages:0"] = "hi-IN";
        values["ResumeBudget"] = "00:00:20";
        var options = Build(values).GetRequiredService<IOptions<GeminiOptions>>().Value;
        Assert.Equal((GeminiPlatform.Vertex, "asia-south1", GeminiThinking.Low), (options.Platform, options.Location, options.Thinking!.Value));
        Assert.Equal((GeminiSensitivity.Low, "hi-IN", TimeSpan.FromSeconds(20)), (options.EndSensitivity, options.TranscriptionLanguages[0], options.ResumeBudget));
    }

    [Fact]
    public void Start_WhenOptionsAreWrong_FailsWithTheSectionsErrors()
    {
        var values = Rig.Settings(Address);
        values["Model"] = null;
        values["ApiKey"] = null;
        var e = Assert.Throws<OptionsValidationException>(() => Build(values).GetRequiredService<IStartupValidator>().Validate());
        Assert.Equal(2, e.Failures.Count());
    }

    [Fact]
    public void ToString_WhenPrinted_HasNoKey()
        => Assert.DoesNotContain("secret-1", new GeminiOptions { ApiKey = "secret-1" }.ToString(), StringComparison.Ordinal);

    private static ServiceProvider Build(Dictionary<string, string?> values)
        => new ServiceCollection().AddGeminiLive(new ConfigurationBuilder().AddInMemoryCollection(values).Build()).BuildServiceProvider();
}
