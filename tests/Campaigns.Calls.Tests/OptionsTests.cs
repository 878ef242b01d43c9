using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Campaigns.Calls.Tests;

/// <summary>Defaults are right, and what is wrong is named, all of it.</summary>
public sealed class OptionsTests
{
    private static ValidateOptionsResult Validate(CallOptions options) => new CallOptionsValidator().Validate(null, options);

    [Fact]
    public void Defaults_AreValid() => Assert.True(Validate(new CallOptions()).Succeeded);

    [Fact]
    public void Validate_WhenSeveralAreWrong_NamesEveryOne()
    {
        var result = Validate(new CallOptions
        {
            MaxPrepared = -1,
            PreparedLifetime = TimeSpan.FromMinutes(10),
            Chunk = TimeSpan.FromMilliseconds(30),
            Lead = TimeSpan.FromMilliseconds(10),
            Granularity = TimeSpan.FromMilliseconds(20),
            RecordingFolder = "relative",
        });

        Assert.Equal(
            ["MaxPrepared", "PreparedLifetime", "Granularity", "Chunk", "Lead", "RecordingFolder"],
            result.Failures!.Select(failure => failure.Split(' ')[0]["CallOptions.".Length..]));
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    [InlineData(24000)]
    public void Chunk_WhateverIsValid_IsAMultipleOf320Bytes(int rate)
    {
        for (var milliseconds = 20; milliseconds <= 1000; milliseconds += 20)
        {
            var options = new CallOptions { Chunk = TimeSpan.FromMilliseconds(milliseconds), Lead = TimeSpan.FromSeconds(1) };
            Assert.True(Validate(options).Succeeded);
            Assert.Equal(0, rate * 2 * options.Chunk.Ticks / TimeSpan.TicksPerSecond % 320);
        }
    }

    [Fact]
    public void Services_WithWrongOptions_FailTheStartNamingThem()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Calls:ToolTimeout", "00:00:00")]).Build();
        using var provider = new ServiceCollection().AddCalls(configuration.GetSection("Calls")).BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<CallOptions>>().Value);

        Assert.Contains("CallOptions.ToolTimeout", error.Message, StringComparison.Ordinal);
    }
}
