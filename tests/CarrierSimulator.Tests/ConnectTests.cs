using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;

namespace CarrierSimulator.Tests;

public sealed class ConnectTests
{
    private const string Number = "+919876543203";
    private const string Flow = "http://my.exotel.com/campaigns1/exoml/start_voice/4711";

    /// <summary>A change to a request that is accepted otherwise, and the field that the refusal names.</summary>
    public static TheoryData<string, string?, string> Refusals => new()
    {
        { "From", null, "From" },
        { "From", "", "From" },
        { "From", "9876543203", "From" },
        { "From", "919876543203", "From" },
        { "From", "+91987654320", "From" },
        { "From", "+9198765432033", "From" },
        { "From", "+910876543203", "From" },
        { "From", "+91 9876543203", "From" },
        { "From", "0987654320", "From" },
        { "From", "+1234567", "From" },
        { "From", "bob", "From" },
        { "From", Stage.ExoPhone, "From" },
        { "From", "+918047191234", "From" },
        { "To", Number, "To" },
        { "CallerId", null, "CallerId" },
        { "CallerId", "08047199999", "CallerId" },
        { "CallerId", "1234", "CallerId" },
        { "StreamUrl", null, "StreamUrl" },
        { "StreamUrl", "https://example.org/media", "StreamUrl" },
        { "StreamUrl", "/media", "StreamUrl" },
        { "StreamType", null, "StreamType" },
        { "StreamType", "unidirectional", "StreamType" },
        { "Url", Flow, "Url" },
        { "Record", "yes", "Record" },
        { "RecordingChannels", "stereo", "RecordingChannels" },
        { "TimeLimit", "14401", "TimeLimit" },
        { "TimeLimit", "0", "TimeLimit" },
        { "TimeLimit", "1.5", "TimeLimit" },
        { "TimeLimit", "-1", "TimeLimit" },
        { "TimeOut", "30", "TimeOut" },
        { "CallType", "trans", "CallType" },
        { "WaitUrl", "http://example.org/wait.wav", "WaitUrl" },
        { "StatusCallbackContentType", "application/json", "StatusCallbackContentType" },
        { "CustomField", new string('x', 129), "CustomField" },
        { "StreamName", new string('x', 33), "StreamName" },
        { "StreamUrl", "wss://example.org/" + new string('x', 583), "StreamUrl" },
        { "StatusCallback", "example.org/callback", "StatusCallback" },
        { "StatusCallback", "ftp://example.org/callback", "StatusCallback" },
        { "StatusCallbackEvents[0]", "hung-up", "StatusCallbackEvents" },
        { "StatusCallbackEvents[]", "Answered", "StatusCallbackEvents" },
        { "StatusCallbackEvents", "answered", "StatusCallbackEvents" },
        { "Colour", "blue", "Colour" },
    };

    public static TheoryData<string, string?, string> FlowRefusals => new()
    {
        { "Url", "http://example.org/exoml/start_voice/4711", "Url" },
        { "Url", "http://my.exotel.com/other/exoml/start_voice/4711", "Url" },
        { "Url", "http://my.exotel.com/campaigns1/exoml/start_voice/", "Url" },
        { "Url", "http://my.exotel.com/campaigns1/exoml/start_voice/4711/x", "Url" },
        { "StreamUrl", "ws://127.0.0.1/media", "Url" },
        { "StreamType", "bidirectional", "Url" },
        { "CallType", "promo", "CallType" },
        { "TimeOut", "soon", "TimeOut" },
        { "StatusCallbackContentType", "text/plain", "StatusCallbackContentType" },
        { "StreamName", "bot", "StreamName" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Connect_WhenAFieldIsWrong_IsRefusedAndLeavesNoTrace(string name, string? value, string named)
    {
        await using var stage = await Stage.SetAsync();

        using var response = await stage.DialAsync(Number, (name, value));

        await RefusedAsync(stage, response, named);
    }

    [Theory]
    [MemberData(nameof(FlowRefusals))]
    public async Task ConnectFlow_WhenAFieldIsWrong_IsRefusedAndLeavesNoTrace(string name, string? value, string named)
    {
        await using var stage = await Stage.SetAsync();

        using var response = await stage.DialAsync(Number, [("StreamUrl", null), ("StreamType", null), ("Url", Flow), (name, value)]);

        await RefusedAsync(stage, response, named);
    }

    [Fact]
    public async Task Connect_WhenAFieldComesTwice_IsRefused()
    {
        await using var stage = await Stage.SetAsync();

        using var response = await stage.Client.PostAsync(
            "Calls/connect.json",
            new FormUrlEncodedContent([.. stage.Form(Number), new("From", "+919876543204")]));

        await RefusedAsync(stage, response, "From");
    }

    [Fact]
    public async Task Connect_WithALowerCaseField_TakesItForUnknown()
    {
        await using var stage = await Stage.SetAsync();

        using var response = await stage.DialAsync(Number, ("From", null), ("from", Number));

        await RefusedAsync(stage, response, "from");
    }

    [Fact]
    public async Task Connect_WhenSeveralFieldsAreWrong_NamesThemAll()
    {
        await using var stage = await Stage.SetAsync();

        using var response = await stage.DialAsync("bob", ("StreamType", "x"), ("TimeLimit", "x"));

        var message = (await Stage.JsonAsync(response, 400)).GetProperty("RestException").GetProperty("Message").GetString()!;
        Assert.All(["From", "StreamType", "TimeLimit"], name => Assert.Contains(name, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Record", "true")]
    [InlineData("RecordingChannels", "dual")]
    [InlineData("TimeLimit", "14400")]
    [InlineData("StreamName", "bot")]
    [InlineData("StatusCallback", null)]
    [InlineData("CustomField", null)]
    [InlineData("From", "09876543203")]
    [InlineData("From", "+14155550103")]
    [InlineData("CallerId", "+918047191234")]
    [InlineData("StreamUrl", "wss://example.org/media?sample-rate=16000")]
    [InlineData("StatusCallbackEvents[1]", "terminal")]
    public async Task Connect_WithEachDocumentedField_IsAccepted(string name, string? value)
    {
        await using var stage = await Stage.SetAsync();

        await stage.PlaceAsync(Number, (name, value));

        Assert.True(Assert.Single(stage.Ledger.Entries).Placed);
    }

    [Fact]
    public async Task Connect_WhenAccepted_AnswersAsTheVendorDoes()
    {
        await using var stage = await Stage.SetAsync();

        using var response = await stage.DialAsync(Number);

        var call = (await Stage.JsonAsync(response, 200)).GetProperty("Call");
        Assert.Equal(
            ["Sid", "ParentCallSid", "DateCreated", "DateUpdated", "AccountSid", "To", "From", "PhoneNumberSid", "Status",
             "StartTime", "EndTime", "Duration", "Price", "Direction", "AnsweredBy", "ForwardedFrom", "CallerName", "Uri", "RecordingUrl"],
            call.EnumerateObject().Select(p => p.Name));
        Assert.Matches("^[0-9a-f]{32}$", call.GetProperty("Sid").GetString()!);
        Assert.Equal("2026-03-02 11:30:00", call.GetProperty("DateCreated").GetString());
        Assert.Equal(("in-progress", Number, Stage.ExoPhone), (Text("Status"), Text("From"), Text("To")));
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        string? Text(string name) => call.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Connect_WithoutJsonInThePath_AnswersXml()
    {
        await using var stage = await Stage.SetAsync();

        using var response = await stage.Client.PostAsync("Calls/connect", new FormUrlEncodedContent(stage.Form(Number)));

        var root = XDocument.Parse(await response.Content.ReadAsStringAsync()).Root!;
        Assert.Equal("application/xml", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("TwilioResponse", root.Name);
        Assert.Equal(stage.Ledger.Entries[0].CallSid, root.Element("Call")!.Element("Sid")!.Value);
        Assert.Equal("in-progress", root.Element("Call")!.Element("Status")!.Value);
        Assert.Equal("", root.Element("Call")!.Element("EndTime")!.Value);
    }

    [Fact]
    public async Task Connect_WhenRefusedWithoutJsonInThePath_AnswersXml()
    {
        await using var stage = await Stage.SetAsync();

        using var response = await stage.Client.PostAsync("Calls/connect", new FormUrlEncodedContent(stage.Form("bob")));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = XDocument.Parse(await response.Content.ReadAsStringAsync()).Element("TwilioResponse")!.Element("RestException")!;
        Assert.Equal(["Status", "Message", "Code"], error.Elements().Select(e => e.Name.LocalName));
        Assert.Equal("400", error.Element("Status")!.Value);
    }

    [Fact]
    public async Task Connect_AsMultipartWithNumberedEvents_IsAccepted()
    {
        await using var stage = await Stage.SetAsync();
        using var form = new MultipartFormDataContent();
        (string, string?)[] events =
        [
            ("StatusCallbackEvents[]", null),
            ("StatusCallbackEvents[0]", "terminal"),
            ("StatusCallbackEvents[1]", "answered"),
        ];
        foreach (var (name, value) in stage.Form(Number, events))
        {
            form.Add(new StringContent(value), name);
        }

        using var response = await stage.Client.PostAsync("Calls/connect.json", form);

        await Stage.JsonAsync(response, 200);
        Assert.Equal(["terminal", "answered"], stage.Ledger.Entries[0].StatusCallbackEvents);
    }

    [Theory]
    [InlineData("application/json", "{}", 415)]
    [InlineData("text/plain", "From=1", 415)]
    [InlineData("multipart/form-data", "x", 400)]
    public async Task Connect_WhenTheBodyIsNoForm_IsRefused(string type, string body, int status)
    {
        await using var stage = await Stage.SetAsync();
        using var content = new StringContent(body, Encoding.UTF8, type);

        using var response = await stage.Client.PostAsync("Calls/connect.json", content);

        await Stage.JsonAsync(response, status);
        Assert.Empty(stage.Ledger.Entries);
    }

    [Fact]
    public async Task Connect_WhenTheBodyIsTooLarge_IsRefused()
    {
        await using var stage = await Stage.SetAsync();

        using var response = await stage.DialAsync(Number, ("Colour", new string('x', 70_000)));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(stage.Ledger.Entries);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Basic a2V5Ondyb25n")]
    [InlineData("Basic a2V5OnRva2VuMg==")]
    [InlineData("Basic ???")]
    [InlineData("Bearer token")]
    public async Task AnyRequest_WithoutTheCredentials_Is401(string? authorization)
    {
        await using var stage = await Stage.SetAsync();
        stage.Client.DefaultRequestHeaders.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);

        using var response = await stage.DialAsync(Number);
        using var lookUp = await stage.Client.GetAsync("Calls.json");

        await Stage.JsonAsync(response, 401);
        await Stage.JsonAsync(lookUp, 401);
        Assert.Equal("Basic", response.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Empty(stage.Ledger.Entries);
    }

    [Theory]
    [InlineData("POST", "/v1/Accounts/other/Calls/connect.json", 404)]
    [InlineData("POST", "/v1/accounts/campaigns1/Calls/connect.json", 404)]
    [InlineData("POST", "/v1/Accounts/campaigns1/calls/connect.json", 404)]
    [InlineData("POST", "/v1/Accounts/campaigns1/Calls/Connect.json", 405)]
    [InlineData("POST", "/v1/Accounts/campaigns1/Calls/connect/x.json", 404)]
    [InlineData("GET", "/v1/Accounts/campaigns1/Calls/connect.json", 405)]
    [InlineData("GET", "/v1/Accounts/campaigns1/activestreams.json", 404)]
    [InlineData("DELETE", "/v1/Accounts/campaigns1/Calls.json", 405)]
    [InlineData("POST", "/v2/accounts/campaigns1/legs", 404)]
    public async Task AnyRequest_ToAnotherPathOrMethod_IsRefused(string method, string path, int status)
    {
        await using var stage = await Stage.SetAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = method == "POST" ? new FormUrlEncodedContent(stage.Form(Number)) : null;

        using var response = await stage.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Empty(stage.Ledger.Entries);
    }

    [Fact]
    public async Task Connect_WhenLenient_IgnoresUnknownFields()
    {
        await using var stage = await Stage.SetAsync(o => o.Strict = false);

        await stage.PlaceAsync(Number, ("Colour", "blue"));

        Assert.Single(stage.Ledger.Entries);
    }

    [Fact]
    public async Task ConnectVoiceAi_WhenLenient_IgnoresTheFlowsParameters()
    {
        await using var stage = await Stage.SetAsync(o => o.Strict = false);
        await stage.PlaceAsync("+919876543270", ("TimeOut", "20"), ("StatusCallbackContentType", "application/json"));

        await stage.PlayOutAsync();

        Assert.Equal("completed", stage.Ledger.Entries[0].FinalStatus);
        Assert.All(stage.Receiver.All, c => Assert.Equal("multipart/form-data", c.ContentType));
    }

    [Theory]
    [InlineData("TimeLimit", "5", "+919876543249", "completed", 5)]
    [InlineData("TimeOut", "20", "+919876543270", "no-answer", null)]
    [InlineData("TimeOut", "10", "+919876543250", "no-answer", null)]
    public async Task ConnectFlow_WithATimeBound_EndsTheCallByIt(string name, string value, string number, string status, int? talk)
    {
        await using var stage = await Stage.SetAsync();
        await stage.PlaceAsync(number, ("StreamUrl", null), ("StreamType", null), ("Url", Flow), ("CallType", "trans"), (name, value));

        await stage.PlayOutAsync();

        var entry = stage.Ledger.Entries[0];
        Assert.Equal((status, Flow), (entry.FinalStatus, entry.FlowUrl));
        Assert.Equal(talk, (entry.EndedAt - entry.AnsweredAt)?.TotalSeconds is { } seconds ? (int)seconds : null);
        Assert.True(name != "TimeOut" || (entry.EndedAt - entry.RingingAt)!.Value.TotalSeconds == int.Parse(value));
    }

    private static async Task RefusedAsync(Stage stage, HttpResponseMessage response, string named)
    {
        var error = (await Stage.JsonAsync(response, 400)).GetProperty("RestException");
        Assert.Contains(named + " ", error.GetProperty("Message").GetString(), StringComparison.Ordinal);
        Assert.Empty(stage.Ledger.Entries);
    }
}
