using Campaigns.Exotel.Media;
using Microsoft.Extensions.Options;

namespace Campaigns.Exotel.Tests.Media;

/// <summary>Wrong limits fail the start.</summary>
public sealed class MediaOptionsTests
{
    [Fact]
    public void Validate_WhenDefault_Succeeds()
        => Assert.True(new ExotelMediaOptionsValidator().Validate(name: null, new ExotelMediaOptions()).Succeeded);

    [Fact]
    public async Task Start_WhenWrong_NamesEveryError()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => MediaRig.StartAsync(
            ("MaxConnections", "0"), ("MaxMessageBytes", "10"), ("MaxMalformed", "-1"), ("HandshakeTimeout", "0"), ("StartTimeout", "0"), ("IdleTimeout", "0"),
            ("LongestStream", "0"), ("SendTimeout", "0"), ("CloseTimeout", "0"), ("MaxMediaPerSecond", "00:00:01"), ("MediaWindow", "0")));

        Assert.Equal(
            ["MaxConnections", "MaxMessageBytes", "MaxMalformed", "HandshakeTimeout", "StartTimeout", "IdleTimeout", "LongestStream", "SendTimeout",
             "CloseTimeout", "MaxMediaPerSecond", "MediaWindow"],
            failure.Failures.Select(f => f.Split(' ', '.')[1]));
    }
}
