using System.Text.Json;
using Campaigns.Calls;
using Campaigns.Domain.Times;
using Campaigns.Domain.Tools;
using Campaigns.DomainTests.Prompts;

namespace Campaigns.DomainTests.Tools;

public sealed class CallToolsTests
{
    [Fact]
    public void For_GivesOnlyWhatMakesSenseForTheCall()
    {
        Assert.Equal(ToolNames.All, CallTools.For(Briefs.Campaign).Select(t => t.Name));
        Assert.Equal(["mark_do_not_call", "transfer_to_human", "end_call"], CallTools.For(Briefs.Inbound).Select(t => t.Name));
        Assert.DoesNotContain(CallTools.For(Briefs.Campaign with { Direction = CallDirection.Inbound }), t => t.Name == ToolNames.ReportMachine);
        var own = Briefs.Inbound with { Agent = Briefs.Asha with { Settings = AgentHttpToolTests.Settings(AgentHttpToolTests.Good) } };
        Assert.Equal("find_policy", CallTools.For(own)[^1].Name);
    }

    [Fact]
    public void For_DeclaresTheResultsAsTheFileSays()
    {
        var tools = CallTools.For(Briefs.Campaign).Concat(CallTools.For(Briefs.Campaign with { Dispositions = [] }).Take(1));

        Golden.Equal("tools.txt", string.Concat(tools.Select(t => $"{t.Name}\n{t.Description}\n{t.ParametersJson}\n\n")));
    }

    [Fact]
    public void For_WhenTwoResultsShareAFieldOfDifferentTypes_DeclaresItAsText()
    {
        DispositionSpec[] results =
        [
            new() { Code = "a", Fields = [new DispositionField { Name = "x", Type = DispositionFieldType.Number }] },
            new() { Code = "b", Fields = [new DispositionField { Name = "x", Type = DispositionFieldType.Boolean }] },
        ];

        var schema = Schema(CallTools.For(Briefs.Campaign with { Dispositions = [.. results] })[0].ParametersJson);

        Assert.Equal("STRING", schema.GetProperty("properties").GetProperty("fields").GetProperty("properties").GetProperty("x").GetProperty("type").GetString());
    }

    [Fact]
    public void For_DeclaresNothingThatTheModelRefuses()
    {
        string[] known = ["type", "description", "properties", "required", "enum"];
        string[] types = ["STRING", "NUMBER", "BOOLEAN", "OBJECT"];
        foreach (var tool in CallTools.For(Briefs.Campaign))
        {
            Assert.InRange(tool.Name.Length, 1, 63);
            Check(Schema(tool.ParametersJson));
        }

        void Check(JsonElement schema)
        {
            Assert.All(schema.EnumerateObject(), m => Assert.Contains(m.Name, known));
            Assert.Contains(schema.GetProperty("type").GetString(), types);
            if (schema.TryGetProperty("properties", out var properties))
            {
                Assert.NotEmpty(properties.EnumerateObject());
                Assert.All(properties.EnumerateObject(), p => Check(p.Value));
            }
        }
    }

    [Fact]
    public void Answers_AreWrittenAsTheModelExpectsThem()
    {
        var at = new DateTimeOffset(2026, 11, 24, 16, 0, 0, TimeSpan.FromHours(5.5));
        Assert.Equal("""{"output":{"status":"ok"}}""", ToolAnswers.Ok);
        Assert.Equal("""{"output":{"status":"ok","action":"transfer"}}""", ToolAnswers.Transferring);
        Assert.Equal("""{"output":{"status":"accepted","action":"callback"}}""", ToolAnswers.ColleagueCallsBack);
        Assert.Equal("""{"output":{"status":"ok","action":"hang_up"}}""", ToolAnswers.HangUp);
        Assert.Equal("""{"output":{"status":"ok","action":"continue"}}""", ToolAnswers.Continue);
        Assert.Equal("""{"output":{"status":"ok","action":"leave_message","message":"Hi \"x\""}}""", ToolAnswers.LeaveMessage("Hi \"x\""));
        Assert.Equal("""{"output":{"status":"ok","action":"explain","message":"नमस्ते"}}""", ToolAnswers.Explain("नमस्ते"));
        Assert.Equal(
            """{"output":{"status":"ok","at":"2026-11-24T16:00:00+05:30","say":"Tuesday, 24 November, 4 pm"}}""",
            ToolAnswers.Callback(new SpokenTimeResult.Found(at, "Tuesday, 24 November, 4 pm")));
        Assert.Contains("\"note\":", ToolAnswers.Callback(new SpokenTimeResult.Found(at, "x", Moved: true)), StringComparison.Ordinal);
        Assert.Equal("""{"output":{"status":"unclear","ask":"When?"}}""", ToolAnswers.Callback(new SpokenTimeResult.Unclear("When?")));
        Assert.Equal("""{"output":{"status":"refused","errors":["a","b"]}}""", ToolAnswers.To(new ToolCommand.Refused(["a", "b"])));
        Assert.Equal("""{"error":"a; b"}""", ToolAnswers.To(new ToolCommand.Invalid(["a", "b"])));
        Assert.Null(ToolAnswers.To(new ToolCommand.EndCall("")));
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"output":{"a":1}}""")]
    [InlineData("[1,2]", """{"output":{"result":[1,2]}}""")]
    [InlineData("5", """{"output":{"result":5}}""")]
    [InlineData("null", """{"output":{"result":null}}""")]
    [InlineData("plain text", """{"output":{"result":"plain text"}}""")]
    [InlineData("", """{"output":{"result":""}}""")]
    public void Result_IsAlwaysAnObject(string body, string expected) => Assert.Equal(expected, ToolAnswers.Result(body));

    private static JsonElement Schema(string? json) => JsonDocument.Parse(json!).RootElement;
}
