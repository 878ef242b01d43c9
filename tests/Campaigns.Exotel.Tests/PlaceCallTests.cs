using Campaigns.Carrier;
using static Campaigns.Carrier.PlaceCallResult;

namespace Campaigns.Exotel.Tests;

/// <summary>Every row of the error taxonomy, over a real socket.</summary>
public sealed class PlaceCallTests
{
    private const string Sid = "b6cfaf5f5cef3ca0fc937749ef96d245";

    private const string Created =
        """{"Call":{"Sid":"b6cfaf5f5cef3ca0fc937749ef96d245","Status":"in-progress","Direction":"outbound-api","EndTime":null}}""";

    [Fact]
    public async Task PlaceCall_WhenAccepted_SendsExactlyTheDocumentedRequest()
    {
        await using var server = new WireServer(x => x.ReplyAsync(200, Created));
        await using var rig = new Rig(server.Address, ("Record", "true"), ("RecordingChannels", "dual"));

        Assert.Equal(new Accepted(Sid), await rig.PlaceAsync());

        var request = Assert.Single(server.Requests);
        Assert.Equal("POST /v1/Accounts/acme1/Calls/connect.json HTTP/1.1", request.Line);
        Assert.Equal("Basic a2V5LWs6dG9rZW4tdA==", request.Headers["Authorization"]);
        Assert.Equal("application/x-www-form-urlencoded", request.Headers["Content-Type"]);
        Assert.Equal(["Accept", "Authorization", "Content-Length", "Content-Type", "Host"], request.Headers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            "From=%2B919876543210&CallerId=%2B918047112233"
            + "&StreamUrl=wss%3A%2F%2Fmedia.example.org%2Fmedia%2Fexotel%2F0f8fad5b-d9cb-469f-a165-70867728950e%2Ftok_en-1"
            + "&StreamType=bidirectional&TimeLimit=3600&Record=true&RecordingChannels=dual"
            + "&CustomField=0f8fad5b-d9cb-469f-a165-70867728950e"
            + "&StatusCallback=https%3A%2F%2Fcalls.example.org%2Fwebhooks%2Fexotel%2F0f8fad5b-d9cb-469f-a165-70867728950e%2Ftok_en-1"
            + "&StatusCallbackEvents%5B%5D=answered&StatusCallbackEvents%5B%5D=terminal",
            request.Body);
    }

    [Fact]
    public async Task PlaceCall_WithAWidebandStream_AsksForItsRate()
    {
        await using var server = new WireServer(x => x.ReplyAsync(200, Created));
        await using var rig = new Rig(server.Address, ("StreamSampleRate", "16000"));

        Assert.Equal(new Accepted(Sid), await rig.PlaceAsync());

        Assert.Contains("%2Ftok_en-1%3Fsample-rate%3D16000&StreamType=", Assert.Single(server.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlaceCall_WhenFlowMode_SendsTheFlowUrlAndNoStream()
    {
        await using var server = new WireServer(x => x.ReplyAsync(200, Created));
        await using var rig = new Rig(
            server.Address, ("Mode", "Flow"), ("FlowAppId", "4711"), ("NumberFormat", "NationalZero"), ("ArrayNotation", "Indexed"), ("RingTimeout", "0:0:25"));

        Assert.Equal(new Accepted(Sid), await rig.PlaceAsync());

        Assert.Equal(
            "From=09876543210&CallerId=08047112233"
            + "&Url=http%3A%2F%2Fmy.exotel.com%2Facme1%2Fexoml%2Fstart_voice%2F4711&CallType=trans&TimeOut=25&TimeLimit=3600"
            + "&CustomField=0f8fad5b-d9cb-469f-a165-70867728950e"
            + "&StatusCallback=https%3A%2F%2Fcalls.example.org%2Fwebhooks%2Fexotel%2F0f8fad5b-d9cb-469f-a165-70867728950e%2Ftok_en-1"
            + "&StatusCallbackEvents%5B0%5D=answered&StatusCallbackEvents%5B1%5D=terminal&StatusCallbackContentType=application%2Fjson",
            Assert.Single(server.Requests).Body);
    }

    [Theory]
    [InlineData(200, Created, "Accepted")]
    [InlineData(200, """{"call":{"sid":"abc"}}""", "Accepted")]
    [InlineData(200, "\uFEFF <?xml version=\"1.0\"?><TwilioResponse><Call><Sid>abc</Sid></Call></TwilioResponse>", "Accepted")]
    [InlineData(202, Created, "Accepted")]
    [InlineData(202, "{}", "Ambiguous")]
    [InlineData(200, """{"Call":{"Sid":null}}""", "Ambiguous")]
    [InlineData(200, """{"Call":{"Sid":"no id at all"}}""", "Ambiguous")]
    [InlineData(200, "<html>", "Ambiguous")]
    [InlineData(200, "", "Ambiguous")]
    [InlineData(204, "", "Ambiguous")]
    [InlineData(300, "", "Ambiguous")]
    [InlineData(400, """{"RestException":{"Status":400,"Message":"Bad number","Code":1}}""", "Rejected")]
    [InlineData(400, "<html>bad</html>", "Rejected")]
    [InlineData(400, """{"RestException":{"Message":"StreamUrl exceeds the limit of 600 characters"}}""", "Rejected")]
    [InlineData(404, """{"RestException":{"Message":"No such resource"}}""", "Rejected")]
    [InlineData(422, "", "Rejected")]
    [InlineData(418, """{"RestException":{"Message":"I am a teapot"}}""", "Rejected")]
    [InlineData(418, "short and stout", "Ambiguous")]
    [InlineData(408, "", "Ambiguous")]
    [InlineData(409, """{"RestException":{"Message":"Conflict"}}""", "Ambiguous")]
    [InlineData(425, "", "Ambiguous")]
    [InlineData(499, "", "Ambiguous")]
    [InlineData(401, "", "CarrierUnavailable")]
    [InlineData(402, """{"RestException":{"Message":"Insufficient balance"}}""", "CarrierUnavailable")]
    [InlineData(403, """{"RestException":{"Message":"Account suspended"}}""", "CarrierUnavailable")]
    [InlineData(403, """{"RestException":{"Message":"Call to 09876543210 can not be made because of TRAI NDNC regulations"}}""", "Rejected")]
    [InlineData(403, """{"RestException":{"Message":"Concurrent streams limit reached"}}""", "RejectedForNow")]
    [InlineData(429, "", "RejectedForNow")]
    [InlineData(500, """{"RestException":{"Message":"Oops"}}""", "Ambiguous")]
    [InlineData(502, "", "Ambiguous")]
    [InlineData(503, """{"RestException":{"Message":"Too many requests"}}""", "Ambiguous")]
    public async Task PlaceCall_WhenAnswered_IsClassifiedAndSentOnce(int status, string body, string expected)
    {
        await using var server = new WireServer(x => x.ReplyAsync(status, status == 204 ? "" : body));
        await using var rig = new Rig(server.Address);

        var result = await rig.PlaceAsync();

        Assert.Equal(expected, result.GetType().Name);
        Assert.Single(server.Requests);
        Assert.Equal(expected == "RejectedForNow" ? 1 : 0, rig.Permits.Throttled.Count);
    }

    [Theory]
    [InlineData("""{"RestException":{"Status":400,"Message":"Invalid\r\nFrom","Code":34001}}""")]
    [InlineData("<?xml version=\"1.0\"?><TwilioResponse><RestException><Status>400</Status><Message>Invalid\r\nFrom</Message><Code>34001</Code></RestException></TwilioResponse>")]
    public async Task PlaceCall_WhenRefusedInJsonOrXml_TellsTheCarriersWords(string body)
    {
        await using var server = new WireServer(x => x.ReplyAsync(400, body.Replace("\r\n", body[0] == '{' ? "\\r\\n" : "\r\n", StringComparison.Ordinal)));
        await using var rig = new Rig(server.Address);

        var rejected = Assert.IsType<Rejected>(await rig.PlaceAsync());

        Assert.StartsWith("HTTP 400 code 34001: Invalid", rejected.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', rejected.Reason);
    }

    [Theory]
    [InlineData("Retry-After: 17", 17)]
    [InlineData("Retry-After: Mon, 02 Mar 2026 10:00:45 GMT", 45)]
    [InlineData("Retry-After: Mon, 02 Mar 2026 09:00:00 GMT", 0)]
    [InlineData("Retry-After: 99999999", 3600)]
    [InlineData("Retry-After: soon", null)]
    [InlineData("X-Other: 1", null)]
    public async Task PlaceCall_WhenThrottled_TellsTheWaitToCallerAndPermits(string header, int? seconds)
    {
        await using var server = new WireServer(x => x.ReplyAsync(429, "", header));
        await using var rig = new Rig(server.Address);
        TimeSpan? expected = seconds is { } s ? TimeSpan.FromSeconds(s) : null;

        var result = Assert.IsType<RejectedForNow>(await rig.PlaceAsync());

        Assert.Equal(expected, result.RetryAfter);
        Assert.Equal(expected, Assert.Single(rig.Permits.Throttled));
    }

    [Fact]
    public async Task PlaceCall_WhenThrottledAndPermitsFail_StillAnswers()
    {
        await using var server = new WireServer(x => x.ReplyAsync(429, ""));
        await using var rig = new Rig(server.Address);
        rig.Permits.Failure = new IOException("database away");

        Assert.IsType<RejectedForNow>(await rig.PlaceAsync());
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task PlaceCall_WhenRedirected_DoesNotFollow(int status)
    {
        await using var other = new WireServer(x => x.ReplyAsync(200, Created));
        await using var server = new WireServer(x => x.ReplyAsync(status, "", $"Location: {other.Address}v1/Accounts/acme1/Calls/connect.json"));
        await using var rig = new Rig(server.Address);

        Assert.IsType<Ambiguous>(await rig.PlaceAsync());

        Assert.Single(server.Requests);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task PlaceCall_WhenChallengedForCredentials_DoesNotSendAgain()
    {
        await using var server = new WireServer(x => x.ReplyAsync(401, "", "WWW-Authenticate: Basic realm=\"x\"", "WWW-Authenticate: Digest realm=\"x\", nonce=\"y\""));
        await using var rig = new Rig(server.Address);

        Assert.IsType<CarrierUnavailable>(await rig.PlaceAsync());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task PlaceCall_WhenNumberIsNotE164_IsRejectedWithoutSending()
    {
        await using var server = new WireServer(x => x.ReplyAsync(200, Created));
        await using var rig = new Rig(server.Address);

        var result = await rig.Carrier.PlaceCallAsync(
            new PlaceCallRequest(Rig.Session, "t", "9876543210", rig.Clock.GetUtcNow().AddMinutes(1)), CancellationToken.None);

        Assert.IsType<Rejected>(result);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task PlaceCall_WhateverHappens_LogsNoSecretAndNoNumber()
    {
        var answers = new Queue<(int, string)>([(200, Created), (403, """{"RestException":{"Message":"Caller 09876543210 is suspended"}}"""), (500, ""), (429, "")]);
        await using var server = new WireServer(x =>
        {
            var (status, body) = answers.Dequeue();
            return x.ReplyAsync(status, body);
        });
        await using var rig = new Rig(server.Address);
        for (var i = 0; i < 4; i++)
        {
            await rig.PlaceAsync();
        }

        Assert.Contains(rig.Logs.Lines, l => l.Contains("*** is suspended", StringComparison.Ordinal));
        Assert.DoesNotContain(
            rig.Logs.Lines,
            l => l.Contains("9876543210", StringComparison.Ordinal) || l.Contains("tok_en", StringComparison.Ordinal)
                || l.Contains("key-k", StringComparison.Ordinal) || l.Contains("token-t", StringComparison.Ordinal));
    }
}
