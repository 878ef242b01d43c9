using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveModelSimulator.Tests;

public sealed class ExtractionTests
{
    private const string Developer = "v1beta/models/gemini-3.1-flash-lite:generateContent";
    private const string Vertex = "v1/projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash:generateContent";

    private const string Transcript =
        """
        [1] AGENT: Hello Asha. My name is Mira.
        [2] PERSON: my birthday month is March, and my plan is gold.
        and my city is Pune
        3. PERSON: call me Tuesday at four
        """;

    private const string Schema =
        """
        {"type":"OBJECT","required":["summary","outcome","facts"],"propertyOrdering":["summary","outcome","facts"],
         "properties":{"summary":{"type":"STRING"},
         "outcome":{"type":"STRING","enum":["interested","callback","unclear"]},
         "mood":{"type":"STRING","nullable":true},
         "facts":{"type":"ARRAY","items":{"type":"OBJECT","required":["key","value","confidence","evidenceTurn"],
           "properties":{"key":{"type":"STRING"},"value":{"type":"STRING"},"confidence":{"type":"NUMBER","minimum":0,"maximum":1},
           "evidenceTurn":{"type":"INTEGER"},"validUntil":{"type":"STRING","nullable":true}}}}}}
        """;

    [Theory]
    [InlineData(Developer, "x-goog-api-key", "key")]
    [InlineData(Developer + "?key=key", "x-nothing", "")]
    [InlineData(Vertex, "Authorization", "Bearer token")]
    public async Task Answer_OfTheSchemasShape_HoldsTheFactsWithTheirTurns(string path, string header, string value)
    {
        await using var stage = await Stage.SetAsync();

        var (status, body) = await PostAsync(stage, Request(), path, header, value);

        Assert.Equal(200, status);
        Assert.Equal("STOP", body["candidates"]![0]!["finishReason"]!.GetValue<string>());
        var answer = JsonNode.Parse(Text(body))!;
        Assert.Equal("callback", answer["outcome"]!.GetValue<string>());
        Assert.Contains("birthday_month March", answer["summary"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(
            ["birthday_month=March@2", "plan=gold@2", "city=Pune@2"],
            answer["facts"]!.AsArray().Select(f => $"{f!["key"]}={f["value"]}@{f["evidenceTurn"]}"));
        Assert.All(answer["facts"]!.AsArray(), f => Assert.False(f!.AsObject().ContainsKey("validUntil")));
        var entry = Assert.Single(stage.Host.Ledger.Extractions);
        Assert.Equal((200, path.StartsWith("v1/", StringComparison.Ordinal) ? Platform.Vertex : Platform.Developer), (entry.HttpStatus, entry.Platform));
    }

    [Fact]
    public async Task Answer_ByJsonSchema_HasItsShape()
    {
        await using var stage = await Stage.SetAsync();
        var request = Request("""
            {"generationConfig":{"responseSchema":null,"responseJsonSchema":{"type":"object","required":["outcome","score"],
             "properties":{"outcome":{"type":["string","null"]},"score":{"type":"integer","minimum":1}}}}}
            """);

        var (_, body) = await PostAsync(stage, request);

        Assert.Equal("""{"outcome":"callback","score":1}""", Text(body));
    }

    [Theory]
    [InlineData("I will renew", "interested")]
    [InlineData("nothing special", "unclear")]
    public async Task Outcome_ByTheText_IsOneOfTheEnum(string said, string outcome)
    {
        await using var stage = await Stage.SetAsync();
        var request = Request().Replace("call me Tuesday at four", said, StringComparison.Ordinal);

        var (_, body) = await PostAsync(stage, request);

        Assert.Equal(outcome, JsonNode.Parse(Text(body))!["outcome"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"colour":1}""", """Unknown name "colour":""")]
    [InlineData("""{"labels":{"a":"b"}}""", """Unknown name "labels":""")]
    [InlineData("""{"generationConfig":{"colour":1}}""", """Unknown name "colour" at 'generation_config'""")]
    [InlineData("""{"generationConfig":{"responseMimeType":"application/xml"}}""", "response_mime_type")]
    [InlineData("""{"generationConfig":{"responseMimeType":null}}""", "must be application/json")]
    [InlineData("""{"generationConfig":{"responseSchema":{"type":"object"}}}""", "TYPE_ENUM")]
    [InlineData("""{"generationConfig":{"responseSchema":{"additionalProperties":false}}}""", "additionalProperties")]
    [InlineData("""{"generationConfig":{"responseSchema":{"properties":{"x":{}}}}}""", "x].type: must be specified")]
    [InlineData("""{"generationConfig":{"responseSchema":{"required":["nothing"]}}}""", "not defined: nothing")]
    [InlineData("""{"generationConfig":{"responseJsonSchema":{"type":"object"}}}""", "exclude each other")]
    [InlineData("""{"generationConfig":{"responseSchema":null,"responseJsonSchema":{"type":"object","$comment":"x"}}}""", "$comment")]
    [InlineData("""{"contents":[]}""", "contents: is not specified")]
    [InlineData("""{"contents":[{"role":"system","parts":[{"text":"x"}]}]}""", "TYPE_ENUM")]
    [InlineData("""{"contents":[{"parts":[]}]}""", "must not be empty")]
    [InlineData("""{"generationConfig":{"temperature":3}}""", "temperature")]
    public async Task Request_ThatIsWrong_Is400InGooglesShape(string changes, string message)
    {
        await using var stage = await Stage.SetAsync();

        var (status, body) = await PostAsync(stage, Request(changes));

        var error = body["error"]!;
        Assert.Equal((400, 400, "INVALID_ARGUMENT"), (status, error["code"]!.GetValue<int>(), error["status"]!.GetValue<string>()));
        Assert.Contains(message, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("type.googleapis.com/google.rpc.BadRequest", error["details"]![0]!["@type"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(Developer, "x-goog-api-key", "wrong", 401)]
    [InlineData(Developer, "x-nothing", "", 403)]
    [InlineData(Vertex, "x-goog-api-key", "key", 401)]
    [InlineData("v1beta/models/gemini-9:generateContent", "x-goog-api-key", "key", 404)]
    [InlineData("v1beta/models/gemini-2.5-flash:countTokens", "x-goog-api-key", "key", 404)]
    public async Task Request_WithoutRightsOrModel_IsRefused(string path, string header, string value, int expected)
    {
        await using var stage = await Stage.SetAsync();

        var (status, body) = await PostAsync(stage, Request(), path, header, value);

        Assert.Equal((expected, expected), (status, body["error"]!["code"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Request_ThatIsNoJson_Is400()
    {
        await using var stage = await Stage.SetAsync();

        var (status, _) = await PostAsync(stage, "{\"contents\":");

        Assert.Equal(400, status);
    }

    [Fact]
    public async Task Failures_ByOptionAndControl_ComeFirst()
    {
        await using var stage = await Stage.SetAsync(o => (o.Extraction.FailFirst, o.Extraction.FailureStatus) = (1, 429));
        using var control = await stage.Http.PostAsync("control", new StringContent("""{"extractionFailures":2}"""));
        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            statuses.Add((await PostAsync(stage, Request())).Status);
        }

        Assert.Equal([503, 503, 429, 200], statuses);
        Assert.Equal(statuses, stage.Host.Ledger.Extractions.Select(e => e.HttpStatus));
    }

    [Fact]
    public async Task Blocked_ByOption_HasNoCandidates()
    {
        await using var stage = await Stage.SetAsync(o => o.Extraction.Blocked = true);

        var (status, body) = await PostAsync(stage, Request());

        Assert.Equal((200, "PROHIBITED_CONTENT"), (status, body["promptFeedback"]!["blockReason"]!.GetValue<string>()));
        Assert.Null(body["candidates"]);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, """{"generationConfig":{"maxOutputTokens":10}}""")]
    public async Task Truncated_ByOptionOrTokens_EndsInTheMiddle(bool option, string? changes)
    {
        await using var stage = await Stage.SetAsync(o => o.Extraction.Truncated = option);

        var (_, body) = await PostAsync(stage, Request(changes));

        Assert.Equal("MAX_TOKENS", body["candidates"]![0]!["finishReason"]!.GetValue<string>());
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(Text(body)));
    }

    [Fact]
    public async Task InvalidJson_ByOption_IsNoJson()
    {
        await using var stage = await Stage.SetAsync(o => o.Extraction.InvalidJson = true);

        var (_, body) = await PostAsync(stage, Request());

        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(Text(body)));
    }

    [Fact]
    public async Task Thoughts_ByOption_ComeInAPartOfTheirOwn()
    {
        await using var stage = await Stage.SetAsync(o => o.Extraction.Thoughts = true);

        var (_, body) = await PostAsync(stage, Request());

        var parts = body["candidates"]![0]!["content"]!["parts"]!.AsArray();
        Assert.True(parts[0]!["thought"]!.GetValue<bool>());
        Assert.NotNull(JsonNode.Parse(Text(body))!["facts"]);
    }

    private static string Text(JsonNode body) => string.Concat(
        body["candidates"]![0]!["content"]!["parts"]!.AsArray()
            .Where(p => p!["thought"] is null).Select(p => p!["text"]!.GetValue<string>()));

    private static string Request(string? changes = null)
    {
        var request = new JsonObject
        {
            ["systemInstruction"] = new JsonObject { ["parts"] = new JsonArray(new JsonObject { ["text"] = "Extract." }) },
            ["contents"] = new JsonArray(new JsonObject
            {
                ["role"] = "user",
                ["parts"] = new JsonArray(new JsonObject { ["text"] = Transcript }),
            }),
            ["generationConfig"] = new JsonObject
            {
                ["temperature"] = 0,
                ["responseMimeType"] = "application/json",
                ["responseSchema"] = JsonNode.Parse(Schema),
            },
        };
        if (changes is not null)
        {
            Setups.Merge(request, JsonNode.Parse(changes)!.AsObject());
        }

        return request.ToJsonString();
    }

    private static async Task<(int Status, JsonNode Body)> PostAsync(
        Stage stage, string request, string path = Developer, string header = "x-goog-api-key", string value = "key")
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(request, new MediaTypeHeaderValue("application/json")),
        };
        message.Headers.TryAddWithoutValidation(header, value);
        using var response = await stage.Http.SendAsync(message);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
