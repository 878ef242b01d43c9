using Campaigns.Carrier;
using Campaigns.Grains;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Campaigns.Exotel.Tests;

/// <summary>Numbers, times, statuses, secrets and options.</summary>
public sealed class CodecTests
{
    [Theory]
    [InlineData("+919876543210", "+919876543210")]
    [InlineData("09876543210", "+919876543210")]
    [InlineData("9876543210", "+919876543210")]
    [InlineData("919876543210", "+919876543210")]
    [InlineData("+91 98765-43210", "+919876543210")]
    [InlineData("08047112233", "+918047112233")]
    [InlineData("+6591234567", "+6591234567")]
    [InlineData("+0919876543210", null)]
    [InlineData("0XXXXX30240", null)]
    [InlineData("0098765432", null)]
    [InlineData("6591234567890", null)]
    [InlineData("+12345", null)]
    [InlineData("+1234567890123456", null)]
    [InlineData("98765+43210", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Phone_WhenParsed_IsE164OrNothing(string? text, string? expected)
    {
        Assert.Equal(expected is not null, ExotelPhone.TryParse(text, out var e164));
        Assert.Equal(expected, e164);
    }

    [Theory]
    [InlineData("+919876543210", ExotelNumberFormat.NationalZero, "09876543210")]
    [InlineData("+919876543210", ExotelNumberFormat.E164, "+919876543210")]
    [InlineData("+6591234567", ExotelNumberFormat.NationalZero, "+6591234567")]
    public void Phone_WhenWritten_ComesBackTheSame(string e164, ExotelNumberFormat format, string wire)
    {
        Assert.Equal(wire, ExotelPhone.ToWire(e164, format));
        Assert.True(ExotelPhone.TryParse(wire, out var back));
        Assert.Equal(e164, back);
    }

    [Theory]
    [InlineData("+919876543210", "09876543210", true)]
    [InlineData("919876543210", "9876543210", true)]
    [InlineData("+919876543210", "+919876543211", false)]
    [InlineData("", "", false)]
    [InlineData(null, "9876543210", false)]
    [InlineData("43210", "9876543210", false)]
    public void SameNumber_WhenCompared_LooksAtTheLastTenDigits(string? left, string? right, bool same)
        => Assert.Equal(same, ExotelPhone.SameNumber(left, right));

    [Fact]
    public void Time_WhenWrittenAndRead_IsIndianWithoutAZone()
    {
        var india = TimeSpan.FromHours(5.5);
        var time = new DateTimeOffset(2026, 3, 2, 20, 30, 5, TimeSpan.Zero);

        Assert.Equal("2026-03-03 02:00:05", ExotelTime.Format(time.AddMilliseconds(900), india));
        Assert.Equal(time, ExotelTime.Parse(" 2026-03-03 02:00:05 ", india));
        Assert.Equal(time, ExotelTime.Parse("2026-03-03T02:00:05+05:30", TimeSpan.Zero));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("1970-01-01 05:30:00")]
    [InlineData("0001-01-01 00:00:00")]
    [InlineData("9999-12-31 23:59:59")]
    [InlineData("2026-02-30 00:00:00")]
    public void Time_WhenNoTime_IsNull(string? text) => Assert.Null(ExotelTime.Parse(text, TimeSpan.FromHours(5.5)));

    [Theory]
    [InlineData("queued", CarrierReportKind.Progress, null)]
    [InlineData("ringing", CarrierReportKind.Progress, null)]
    [InlineData("in-progress", CarrierReportKind.Progress, null)]
    [InlineData("completed", CarrierReportKind.Ended, CallOutcome.Completed)]
    [InlineData("Busy", CarrierReportKind.Ended, CallOutcome.Busy)]
    [InlineData("no-answer", CarrierReportKind.Ended, CallOutcome.NoAnswer)]
    [InlineData("failed", CarrierReportKind.Ended, CallOutcome.Failed)]
    [InlineData(" canceled ", CarrierReportKind.Ended, CallOutcome.Canceled)]
    [InlineData("null", CarrierReportKind.Progress, null)]
    [InlineData(null, CarrierReportKind.Progress, null)]
    [InlineData("brand-new", CarrierReportKind.Progress, null)]
    public void Status_WhenRead_IsOurVocabulary(string? status, CarrierReportKind kind, CallOutcome? outcome)
        => Assert.Equal((kind, outcome), ExotelStatus.Read(status));

    [Fact]
    public void Token_WhenCreated_MatchesOnlyItsOwnHash()
    {
        var token = SessionToken.Create();
        var hash = SessionToken.Hash(token);

        Assert.Matches("^[A-Za-z0-9_-]{43}$", token);
        Assert.Equal(SessionToken.HashBytes, hash.Length);
        Assert.True(SessionToken.Matches(token, hash));
        Assert.False(SessionToken.Matches(SessionToken.Create(), hash));
        Assert.False(SessionToken.Matches(token + "x", hash));
        Assert.False(SessionToken.Matches(token, hash.AsSpan(1)));
        Assert.False(SessionToken.Matches(token, []));
        Assert.False(SessionToken.Matches("", SessionToken.Hash("")));
        Assert.False(SessionToken.Matches(null, hash));
        Assert.False(SessionToken.Matches(new string('a', 129), SessionToken.Hash(new string('a', 129))));
    }

    [Fact]
    public void Options_WhenPrinted_HideSecrets()
    {
        var options = new ExotelOptions { AccountSid = "acme1", ApiKey = "key-k", ApiToken = "token-t" };

        Assert.Contains("acme1", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("key-k", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("token-t", options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_WhenRight_AreAccepted()
    {
        Assert.Null(Errors());
        Assert.Null(Errors(("StatusCallbackEvents:0", "terminal")));
        Assert.Null(Errors(("Mode", "Flow"), ("FlowUrl", "http://my.exotel.com/acme1/exoml/start_voice/1"), ("MediaBaseAddress", null)));
        Assert.Null(Errors(("BaseAddress", "http://simulator:8080/"), ("AllowPlainText", "true")));
    }

    [Theory]
    [InlineData("BaseAddress", "http://api.in.exotel.com/")]
    [InlineData("BaseAddress", "ftp://api.in.exotel.com/")]
    [InlineData("BaseAddress", "https://key:token@api.in.exotel.com/")]
    [InlineData("PublicBaseAddress", null)]
    [InlineData("PublicBaseAddress", "http://calls.example.org")]
    [InlineData("MediaBaseAddress", "https://calls.example.org")]
    [InlineData("MediaBaseAddress", null)]
    [InlineData("AccountSid", "")]
    [InlineData("AccountSid", "acme/../x")]
    [InlineData("ApiKey", "a:b")]
    [InlineData("ApiToken", "a b")]
    [InlineData("CallerId", "EXOTEL")]
    [InlineData("TimeLimit", "5:00:00")]
    [InlineData("SendTimeout", "0")]
    [InlineData("StatusCallbackEvents:0", "answered")]
    [InlineData("StatusCallbackEvents:0", "everything")]
    [InlineData("RecordingChannels", "stereo")]
    [InlineData("StatusCallbackContentType", "text/plain")]
    [InlineData("MaxConnections", "0")]
    [InlineData("Mode", "Flow")]
    [InlineData("Mode", "7")]
    public void Options_WhenWrong_NameTheProperty(string property, string? value)
    {
        var errors = Errors((property, value));

        var name = property.Split(':')[0];
        Assert.Contains($"ExotelOptions.{(value == "Flow" ? "FlowAppId" : name)} ", Assert.Single(errors!), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_WhenSeveralAreWrong_ListsThemAll()
        => Assert.Equal(4, Errors(("AccountSid", null), ("ApiKey", null), ("ApiToken", null), ("CallerId", null))!.Length);

    private static string[]? Errors(params (string Name, string? Value)[] settings)
    {
        var values = Rig.Settings(new Uri("https://api.in.exotel.com/"));
        foreach (var (name, value) in settings)
        {
            values.Remove(name);
            if (value is not null)
            {
                values[name] = value;
            }
        }

        using var services = new ServiceCollection()
            .AddExotelCarrier(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .BuildServiceProvider();
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return null;
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures];
        }
    }
}
