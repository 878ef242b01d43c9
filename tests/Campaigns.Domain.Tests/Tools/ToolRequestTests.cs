using System.Collections.Immutable;
using System.Text.Json;
using Campaigns.Calls;
using Campaigns.Domain.Tools;
using Campaigns.DomainTests.Prompts;

namespace Campaigns.DomainTests.Tools;

public sealed class ToolRequestTests
{
    [Theory]
    [InlineData("5000", "5000")]
    [InlineData("5000.50", "5000.5")]
    [InlineData("5e3", "5000")]
    [InlineData("\"5,000\"", "5000")]
    [InlineData("\"5,00,000\"", "500000")]
    [InlineData("\"₹ 5,000/-\"", "5000")]
    [InlineData("\"Rs. 1,250.75\"", "1250.75")]
    [InlineData("\"5 lakh\"", "500000")]
    [InlineData("\"2.5 crore\"", "25000000")]
    [InlineData("\"10k\"", "10000")]
    [InlineData("\"12%\"", "12")]
    [InlineData("\"-3\"", "-3")]
    [InlineData("\"twenty five\"", "25")]
    [InlineData("\"paanch lakh\"", "500000")]
    [InlineData("\"५०००\"", "5000")]
    [InlineData("\"five\"", "5")]
    public void Read_OfANumber_UnderstandsWhatModelsWrite(string written, string expected) => Assert.Equal(expected, Field("amount", written));

    [Theory]
    [InlineData("true", "true")]
    [InlineData("\"Yes\"", "true")]
    [InlineData("\"haan\"", "true")]
    [InlineData("\"हाँ\"", "true")]
    [InlineData("1", "true")]
    [InlineData("false", "false")]
    [InlineData("\"no.\"", "false")]
    [InlineData("\"nahi\"", "false")]
    [InlineData("\"नहीं\"", "false")]
    public void Read_OfATruth_UnderstandsWhatModelsWrite(string written, string expected) => Assert.Equal(expected, Field("online", written));

    [Theory]
    [InlineData("\"2026-11-24\"", "2026-11-24")]
    [InlineData("\"24 Nov\"", "2026-11-24")]
    [InlineData("\"24/11/2026\"", "2026-11-24")]
    [InlineData("\"24 November 1990\"", "1990-11-24")]
    [InlineData("\"tomorrow\"", "2026-11-19")]
    [InlineData("\"parso\"", "2026-11-20")]
    [InlineData("\"next Monday\"", "2026-11-23")]
    [InlineData("\"2026-11-24T00:00:00Z\"", "2026-11-24")]
    [InlineData("\"मंगलवार\"", "2026-11-24")]
    public void Read_OfADay_UnderstandsWhatModelsWrite(string written, string expected) => Assert.Equal(expected, Field("pay_on", written));

    [Theory]
    [InlineData("\"Motor\"", "Motor")]
    [InlineData("\"family health\"", "Family Health")]
    [InlineData("\"FAMILY-HEALTH\"", "Family Health")]
    public void Read_OfAChoice_GivesTheCampaignsSpelling(string written, string expected) => Assert.Equal(expected, Field("plan", written));

    [Theory]
    [InlineData("amount", "\"1,5\"")]
    [InlineData("amount", "\"about ten\"")]
    [InlineData("amount", "\"5 6\"")]
    [InlineData("amount", "true")]
    [InlineData("amount", "[5]")]
    [InlineData("amount", "\"1e30\"")]
    [InlineData("amount", "999999999999999999999999")]
    [InlineData("amount", "\"1.2.3\"")]
    [InlineData("online", "\"maybe\"")]
    [InlineData("pay_on", "\"soon\"")]
    [InlineData("pay_on", "\"31 November\"")]
    [InlineData("pay_on", "\"Monday or Friday\"")]
    [InlineData("plan", "\"Travel\"")]
    [InlineData("plan", "{}")]
    public void Read_OfAValueThatIsNone_NamesTheField(string field, string written)
    {
        var refused = Assert.IsType<ToolCommand.Refused>(Update($$$"""{"disposition":"interested","fields":{"amount":1,"{{{field}}}":{{{written}}}}}"""));

        Assert.StartsWith($"{field} must be ", Assert.Single(refused.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("interested")]
    [InlineData("Interested")]
    [InlineData(" INTERESTED. ")]
    public void Read_OfADisposition_GivesTheCampaignsCode(string written)
    {
        var record = Assert.IsType<ToolCommand.RecordDisposition>(
            Update($$$"""{"disposition":"{{{written}}}","notes":" will pay \u0000 soon ","fields":{"Amount":"5,000","remark":null,"online":""}}"""));

        Assert.Equal(("interested", "will pay   soon"), (record.Code, record.Notes));
        Assert.Equal([KeyValuePair.Create("amount", "5000")], record.Fields);
    }

    [Fact]
    public void Read_WhenFieldsComeAsText_ReadsThem() => Assert.Equal(
        "5000", Assert.IsType<ToolCommand.RecordDisposition>(Update("""{"disposition":"interested","fields":"{\"amount\": 5000}"}""")).Fields["amount"]);

    [Fact]
    public void Read_WhenSeveralThingsAreWrong_NamesThemAll()
    {
        var refused = Assert.IsType<ToolCommand.Refused>(Update("""{"disposition":"interested","fields":{"online":"hm","colour":"red"}}"""));

        Assert.Equal(
            [
                "colour is no field of interested: it has amount, pay_on, online, plan, remark",
                "amount is required for interested",
                "online must be true or false",
            ],
            refused.Errors.ToArray());
    }

    [Theory]
    [InlineData("""{"disposition":"happy"}""", "there is no disposition happy: use one of interested, not_interested, wrong_number")]
    [InlineData("{}", "disposition is missing: use one of interested, not_interested, wrong_number")]
    [InlineData("null", "disposition is missing: use one of interested, not_interested, wrong_number")]
    [InlineData("""{"disposition":"not interested","fields":{"amount":5}}""", "amount is no field of not_interested: it has no fields")]
    [InlineData("""{"disposition":"not_interested","fields":[1]}""", "fields must be an object")]
    public void Read_OfAResultThatDoesNotFit_SaysWhy(string json, string error) =>
        Assert.Equal([error], Assert.IsType<ToolCommand.Refused>(Update(json)).Errors.ToArray());

    [Fact]
    public void Read_WhenTheCampaignHasNoList_TakesAFreeWord()
    {
        var free = Briefs.Campaign with { Dispositions = default };

        Assert.Equal("call_back_later", Assert.IsType<ToolCommand.RecordDisposition>(Read(ToolNames.UpdateContact, """{"disposition":"Call back later!"}""", free)).Code);
        Assert.Equal("रुचि_है", Assert.IsType<ToolCommand.RecordDisposition>(Read(ToolNames.UpdateContact, """{"disposition":"रुचि है"}""", free)).Code);
        Assert.IsType<ToolCommand.Refused>(Read(ToolNames.UpdateContact, """{"disposition":"!!!"}""", free));
        Assert.IsType<ToolCommand.Refused>(Read(ToolNames.UpdateContact, $$"""{"disposition":"{{new string('a', 61)}}"}""", free));
        Assert.IsType<ToolCommand.Refused>(Read(ToolNames.UpdateContact, """{"disposition":"x","fields":{"a":1}}""", free));
    }

    [Fact]
    public void Read_OfTheOtherTools_ReadsTheirArguments()
    {
        Assert.Equal(new ToolCommand.ScheduleCallback("Tuesday at four", null), Read(ToolNames.ScheduleCallback, """{"when":"Tuesday at four"}"""));
        Assert.Equal(new ToolCommand.ScheduleCallback("4", "renewal"), Read(ToolNames.ScheduleCallback, """{"When":4,"note":"renewal"}"""));
        Assert.Equal(new ToolCommand.ReportMachine(MachineKind.Screener, ""), Read(ToolNames.ReportMachine, """{"kind":"Screener"}"""));
        Assert.Equal(new ToolCommand.ReportMachine(MachineKind.Voicemail, "beep"), Read(ToolNames.ReportMachine, """{"kind":"voicemail","said":"beep"}"""));
        Assert.Equal(new ToolCommand.Transfer("wants a human"), Read(ToolNames.Transfer, """{"reason":"wants a human"}"""));
        Assert.Equal(new ToolCommand.EndCall(""), Read(ToolNames.EndCall, ""));
        Assert.Equal(new ToolCommand.MarkDoNotCall("stop"), Read(ToolNames.MarkDoNotCall, """{"reason":"stop"}"""));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"reason\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"reason\":{\"a\":[1]}}")]
    public void Read_OfAnOptOut_IsUnderstoodHoweverBrokenItIs(string? json)
    {
        foreach (var brief in new[] { Briefs.Campaign, Briefs.Inbound })
        {
            Assert.IsType<ToolCommand.MarkDoNotCall>(Read(ToolNames.MarkDoNotCall, json, brief));
            Assert.IsType<ToolCommand.EndCall>(Read(ToolNames.EndCall, json, brief));
            Assert.IsType<ToolCommand.Transfer>(Read(ToolNames.Transfer, json, brief));
        }
    }

    [Theory]
    [InlineData("schedule_callback", "{}", "when is missing: the time as the person said it")]
    [InlineData("schedule_callback", "{\"when\":\" \"}", "when is missing: the time as the person said it")]
    [InlineData("schedule_callback", "tomorrow", "the arguments are no JSON object")]
    [InlineData("report_answering_machine", "{\"kind\":\"robot\"}", "kind must be voicemail, screener or menu")]
    [InlineData("report_answering_machine", "{\"kind\":0}", "kind must be voicemail, screener or menu")]
    [InlineData("update_campaign_contact", "[", "the arguments are no JSON object")]
    [InlineData("transfer_money", "{}", "there is no tool transfer_money")]
    [InlineData("<x>", "{}", "there is no tool (x)")]
    public void Read_OfWhatCannotBeRead_SaysWhy(string tool, string json, string error) =>
        Assert.Equal([error], Assert.IsType<ToolCommand.Invalid>(Read(tool, json)).Errors.ToArray());

    [Theory]
    [InlineData("update_campaign_contact", "{\"disposition\":\"interested\"}")]
    [InlineData("schedule_callback", "{\"when\":\"now\"}")]
    [InlineData("report_answering_machine", "{\"kind\":\"menu\"}")]
    public void Read_OfACampaignsToolWithoutACampaign_KnowsNoSuchTool(string tool, string json) =>
        Assert.Equal([$"there is no tool {tool}"], Assert.IsType<ToolCommand.Invalid>(Read(tool, json, Briefs.Inbound)).Errors.ToArray());

    [Fact]
    public void Read_OfTheAgentsOwnTool_ChecksTheArguments()
    {
        var settings = ImmutableDictionary<string, JsonElement>.Empty.Add(AgentHttpTool.SettingsKey, JsonDocument.Parse(AgentHttpToolTests.Good).RootElement);
        var brief = Briefs.Campaign with { Agent = Briefs.Asha with { Settings = settings } };

        var good = Assert.IsType<ToolCommand.AgentHttp>(Read("find_policy", """{"number":"A1","kinds":["x"],"extra":1}""", brief));
        Assert.Equal(("find_policy", """{"number":"A1","kinds":["x"],"extra":1}"""), (good.Tool.Name, good.ArgumentsJson));
        var bad = Assert.IsType<ToolCommand.Invalid>(Read("find_policy", """{"limit":1.5,"kinds":[1],"mode":"slow"}""", brief));
        Assert.Equal(
            ["number is required", "limit must be INTEGER", "mode must be one of fast, full", "kinds[0] must be STRING"], bad.Errors.ToArray());
        Assert.IsType<ToolCommand.Invalid>(Read("find_policy", "{\"number\":\"\\ud800\"}", brief));
        Assert.IsType<ToolCommand.Invalid>(Read("find_policy", "nonsense", brief));
        Assert.IsType<ToolCommand.Invalid>(Read("Find_Policy", "{}", brief));
    }

    [Fact]
    public void Read_OfAnything_NeverFails()
    {
        string[] parts =
        [
            "{", "}", "\"disposition\"", ":", "\"interested\"", ",", "\"fields\"", "[", "]", "\"amount\"", "1e999", "\"\\ud800\"", "null", "\"when\"", "-",
            "\"kind\"", "true", "\"5,000,\"", "\"\\u0000\"", "\"pay_on\"", "\"30 february\"",
        ];
        Law.Holds(
            dice =>
            {
                var json = string.Concat(Enumerable.Range(0, dice.Int(0, 30)).Select(_ => dice.Of(parts)));
                var tool = dice.Of(ToolNames.All);
                var command = Read(tool, json);

                if (ToolAnswers.To(command) is { } answer)
                {
                    Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(answer).RootElement.ValueKind);
                }
            },
            cases: 3_000);
    }

    private static string? Field(string name, string written)
    {
        var command = Update($$$"""{"disposition":"interested","fields":{"amount":1,"{{{name}}}":{{{written}}}}}""");
        return Assert.IsType<ToolCommand.RecordDisposition>(command).Fields[name];
    }

    private static ToolCommand Update(string json) => Read(ToolNames.UpdateContact, json);

    private static ToolCommand Read(string tool, string? json, CallBrief? brief = null) => ToolRequest.Read(tool, json, brief ?? Briefs.Campaign, Briefs.Now);
}
