using System.Text;
using Campaigns.Grains;
using static Campaigns.Exotel.StatusCallbackResult;

namespace Campaigns.Exotel.Tests;

/// <summary>Callbacks in every format, whole, minimal, mutated.</summary>
public sealed class StatusCallbackReaderTests
{
    private static readonly StatusCallback Golden = new(
        "b6cfaf5f5cef3ca0fc937749ef96d245", CarrierReportKind.Ended, CallOutcome.Completed, "https://r.example/1.mp3", TimeSpan.FromSeconds(41),
        "status=completed; event=terminal; leg=completed; cause=NORMAL_CLEARING; disconnectedBy=user");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Read_WhenGoldenBody_SaysTheSameInEveryFormat(int format)
    {
        var (contentType, body) = CallbackBodies.All[format];

        Assert.Equal(new Read(Golden), await CallbackBodies.ReadAsync(contentType, body));
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("APPLICATION/JSON;charset=\"UTF-8\"")]
    [InlineData("text/json")]
    [InlineData(null)]
    public async Task Read_WhenJsonUnderAnotherName_Reads(string? contentType)
        => Assert.Equal(new Read(Golden), await CallbackBodies.ReadAsync(contentType, "\uFEFF" + CallbackBodies.Json));

    [Fact]
    public async Task Read_WhenAnotherCharacterSet_ReadsIt()
    {
        Assert.Equal(new Read(Golden), await CallbackBodies.ReadAsync("application/json; charset=utf-16", Encoding.Unicode.GetBytes(CallbackBodies.Json)));
        Assert.Equal(new Read(Golden), await CallbackBodies.ReadAsync("application/x-www-form-urlencoded; charset=iso-8859-1", CallbackBodies.Form));
        Assert.Equal(new Malformed("The character set is unknown."), await CallbackBodies.ReadAsync("application/json; charset=klingon", CallbackBodies.Json));
        Assert.Equal(new Malformed("The character set is unknown."), await CallbackBodies.ReadAsync("application/json; charset=utf-7", CallbackBodies.Json));
    }

    [Theory]
    [InlineData("CallSid=abc&DateUpdated=2026-03-02&Status=no-answer&RecordingUrl=", "Ended", "NoAnswer")]
    [InlineData("CallSid=abc&Status=BUSY", "Ended", "Busy")]
    [InlineData("CallSid=abc&Status=failed&EventType=answered", "Ended", "Failed")]
    [InlineData("CallSid=abc&Status=canceled", "Ended", "Canceled")]
    [InlineData("CallSid=abc&Status=in-progress&EventType=Answered", "Answered", null)]
    [InlineData("CallSid=abc&EventType=answered", "Answered", null)]
    [InlineData("CallSid=abc&Status=in-progress", "Progress", null)]
    [InlineData("CallSid=abc&Status=queued&EventType=ringing", "Progress", null)]
    [InlineData("CallSid=abc&Status=null&EventType=terminal", "Progress", null)]
    [InlineData("CallSid=abc&Status=teleported", "Progress", null)]
    public async Task Read_WhenMinimal_SaysKindAndOutcome(string body, string kind, string? outcome)
    {
        var read = Assert.IsType<Read>(await CallbackBodies.ReadAsync("application/x-www-form-urlencoded", body)).Callback;

        Assert.Equal((kind, outcome, "abc"), (read.Kind.ToString(), read.Outcome?.ToString(), read.CallSid));
        Assert.Null(read.RecordingUrl);
        Assert.Null(read.Duration);
    }

    [Theory]
    [InlineData("application/json", "")]
    [InlineData("application/json", "[]")]
    [InlineData("application/json", "{}")]
    [InlineData("application/json", "\"Status\"")]
    [InlineData("application/json", "{\"Status\":\"completed\"")]
    [InlineData("application/json", "{\"Status\":\"\\ud800\"}")]
    [InlineData("application/json", "{\"Status\":{\"a\":1}}")]
    [InlineData("application/x-www-form-urlencoded", "")]
    [InlineData("application/x-www-form-urlencoded", "CallSid=abc")]
    [InlineData("multipart/form-data", "--x\r\n\r\n--x--")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"Status\"\r\n\r\ncompleted")]
    [InlineData("multipart/form-data; boundary=x", "")]
    [InlineData("text/plain", "Status=completed")]
    [InlineData(";;;", "Status=completed")]
    [InlineData(null, "")]
    public async Task Read_WhenNoCallback_IsMalformed(string? contentType, string body)
        => Assert.IsType<Malformed>(await CallbackBodies.ReadAsync(contentType, body));

    [Fact]
    public async Task Read_WhenTooDeepOrTooMany_IsMalformed()
    {
        var deep = "{\"Status\":\"busy\",\"a\":" + new string('[', 40) + new string(']', 40) + "}";
        var many = "Status=busy" + string.Concat(Enumerable.Range(0, 600).Select(i => $"&k{i}=1"));

        Assert.IsType<Malformed>(await CallbackBodies.ReadAsync("application/json", deep));
        Assert.IsType<Malformed>(await CallbackBodies.ReadAsync("application/x-www-form-urlencoded", many));
    }

    [Fact]
    public async Task Read_WhenOverTheLimit_IsTooLargeAndReadsNoFurther()
    {
        var exact = Encoding.UTF8.GetBytes("Status=busy&pad=".PadRight(StatusCallbackReader.MaxBody, 'p'));
        var body = new MemoryStream(new byte[StatusCallbackReader.MaxBody * 4]);

        Assert.IsType<Read>(await CallbackBodies.ReadAsync("application/x-www-form-urlencoded", exact));
        Assert.IsType<TooLarge>(await CallbackBodies.ReadAsync("application/x-www-form-urlencoded", [.. exact, (byte)'p']));
        Assert.IsType<TooLarge>(await StatusCallbackReader.ReadAsync("application/json", body, StatusCallbackReader.MaxBody, CancellationToken.None));
        Assert.Equal(StatusCallbackReader.MaxBody + 1, body.Position);
    }

    [Theory]
    [InlineData("17", 17)]
    [InlineData("17.9", 17)]
    [InlineData("-1", null)]
    [InlineData("NaN", null)]
    [InlineData("1e9", null)]
    [InlineData("99999999999999999999999", null)]
    [InlineData("soon", null)]
    public async Task Read_WhenDurationIsText_TakesOnlySeconds(string text, int? seconds)
    {
        var read = Assert.IsType<Read>(await CallbackBodies.ReadAsync(null, $"Status=completed&ConversationDuration={text}")).Callback;

        Assert.Equal(seconds, (int?)read.Duration?.TotalSeconds);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("/etc/passwd")]
    [InlineData("null")]
    public async Task Read_WhenRecordingIsNoWebAddress_LeavesItOut(string url)
    {
        var read = Assert.IsType<Read>(await CallbackBodies.ReadAsync(null, $"Status=completed&RecordingUrl={url}&CallSid=../../x")).Callback;

        Assert.Null(read.RecordingUrl);
        Assert.Null(read.CallSid);
    }

    [Fact]
    public async Task Read_WhenMutatedAThousandTimes_NeverThrows()
    {
        var random = new Random(20_260_302);
        var read = 0;
        for (var i = 0; i < 1_000; i++)
        {
            var (contentType, body) = CallbackBodies.All[i % 3];
            var bytes = Mutate(Encoding.UTF8.GetBytes(body), random);
            var type = random.Next(10) == 0 ? Encoding.Latin1.GetString(Mutate(Encoding.ASCII.GetBytes(contentType), random)) : contentType;

            var result = await CallbackBodies.ReadAsync(type, bytes);

            Assert.True(result is Read or Malformed, $"round {i}: {result}");
            read += result is Read ? 1 : 0;
            if (result is Read(var callback))
            {
                Assert.Equal(callback.Kind == CarrierReportKind.Ended, callback.Outcome is not null);
                Assert.True(callback.Detail is null or { Length: <= 200 });
            }
        }

        Assert.InRange(read, 100, 999);
    }

    [Fact]
    public void ToReport_WhenRead_CarriesEverything()
        => Assert.Equal(
            new CarrierReport(
                Rig.Session, CarrierReportKind.Ended, CallOutcome.Completed, Golden.CallSid, "callback", Golden.RecordingUrl, Golden.Duration, Golden.Detail),
            Golden.ToReport(Rig.Session));

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var mutated = bytes.ToList();
        for (var n = random.Next(1, 6); n > 0 && mutated.Count > 0; n--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(4))
            {
                case 0:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutated.RemoveRange(at, Math.Min(random.Next(1, 20), mutated.Count - at));
                    break;
                case 2:
                    mutated.InsertRange(at, mutated.GetRange(at, Math.Min(random.Next(1, 40), mutated.Count - at)));
                    break;
                default:
                    mutated.Insert(at, "{}[]\"\\&=%\r\n-"u8[random.Next(12)]);
                    break;
            }
        }

        return [.. mutated];
    }
}
