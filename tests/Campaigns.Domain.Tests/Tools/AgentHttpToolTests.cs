using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Campaigns.Domain.Tools;

namespace Campaigns.DomainTests.Tools;

public sealed class AgentHttpToolTests
{
    internal const string Good = """
        [{
          "name": "find_policy", "description": "Finds a policy.", "url": "https://api.example.org/policies?v=1", "method": "GET",
          "headers": {"Authorization": "Bearer secret"}, "timeoutSeconds": 3,
          "parameters": {"type": "object", "required": ["number"], "properties": {
            "number": {"type": "string", "description": "Its number."}, "limit": {"type": "integer", "minimum": 1},
            "mode": {"type": "string", "enum": ["fast", "full"]}, "kinds": {"type": "array", "items": {"type": "string"}}}}
        }]
        """;

    [Fact]
    public void Read_WhenAllIsWell_DeclaresTheToolWithUpperCaseTypes()
    {
        Assert.Empty(AgentHttpTool.Validate(Settings(Good)));
        var tool = Assert.Single(AgentHttpTool.Read(Settings(Good)));

        Assert.Equal(("find_policy", "GET", TimeSpan.FromSeconds(3)), (tool.Name, tool.Method, tool.Timeout));
        Assert.Equal("Bearer secret", tool.Headers["authorization"]);
        Assert.DoesNotContain("secret", tool.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            """
            {"type":"OBJECT","required":["number"],"properties":{"number":{"type":"STRING","description":"Its number."},
            "limit":{"type":"INTEGER","minimum":1},"mode":{"type":"STRING","enum":["fast","full"]},
            "kinds":{"type":"ARRAY","items":{"type":"STRING"}}}}
            """.ReplaceLineEndings(""),
            tool.Declaration.ParametersJson);
    }

    [Fact]
    public void Read_WithTheLeast_FillsInTheRest()
    {
        var tool = Assert.Single(AgentHttpTool.Read(Settings("""[{"name":"a","description":"b","url":"https://example.org"}]""")));

        Assert.Equal(("POST", AgentHttpTool.DefaultTimeout, null), (tool.Method, tool.Timeout, tool.ParametersJson));
        Assert.Empty(AgentHttpTool.Validate(Settings("null")));
        Assert.Empty(AgentHttpTool.Validate(null));
        Assert.Empty(AgentHttpTool.Read(ImmutableDictionary<string, JsonElement>.Empty));
    }

    [Theory]
    [InlineData("", "{}")]
    [InlineData("[0]", "[5]")]
    [InlineData("[0].name", """[{"description":"b","url":"https://example.org"}]""")]
    [InlineData("[0].name", """[{"name":"1a","description":"b","url":"https://example.org"}]""")]
    [InlineData("[0].name", """[{"name":"a b","description":"b","url":"https://example.org"}]""")]
    [InlineData("[0].name", """[{"name":"end_call","description":"b","url":"https://example.org"}]""")]
    [InlineData("[0].name", """[{"name":5,"description":"b","url":"https://example.org"}]""")]
    [InlineData("[1].name", """[{"name":"a","description":"b","url":"https://example.org"},{"name":"A","description":"b","url":"https://example.org"}]""")]
    [InlineData("[0].description", """[{"name":"a","description":" ","url":"https://example.org"}]""")]
    [InlineData("[0].url", """[{"name":"a","description":"b"}]""")]
    [InlineData("[0].url", """[{"name":"a","description":"b","url":"/relative"}]""")]
    [InlineData("[0].url", """[{"name":"a","description":"b","url":"http://example.org"}]""")]
    [InlineData("[0].url", """[{"name":"a","description":"b","url":"ftp://example.org"}]""")]
    [InlineData("[0].url", """[{"name":"a","description":"b","url":"https://u:p@example.org"}]""")]
    [InlineData("[0].url", """[{"name":"a","description":"b","url":"https://example.org#x"}]""")]
    [InlineData("[0].url", """[{"name":"a","description":"b","url":"https://localhost/x"}]""")]
    [InlineData("[0].url", """[{"name":"a","description":"b","url":"https://db.internal./x"}]""")]
    [InlineData("[0].url", """[{"name":"a","description":"b","url":"https://169.254.169.254/latest"}]""")]
    [InlineData("[0].url", """[{"name":"a","description":"b","url":"https://2130706433/"}]""")]
    [InlineData("[0].url", """[{"name":"a","description":"b","url":"https://0x7f.1/"}]""")]
    [InlineData("[0].url", """[{"name":"a","description":"b","url":"https://[::ffff:10.0.0.1]/"}]""")]
    [InlineData("[0].method", """[{"name":"a","description":"b","url":"https://example.org","method":"DELETE"}]""")]
    [InlineData("[0].timeoutSeconds", """[{"name":"a","description":"b","url":"https://example.org","timeoutSeconds":11}]""")]
    [InlineData("[0].timeoutSeconds", """[{"name":"a","description":"b","url":"https://example.org","timeoutSeconds":"5"}]""")]
    [InlineData("[0].timeoutSeconds", """[{"name":"a","description":"b","url":"https://example.org","timeoutSeconds":1e999}]""")]
    [InlineData("[0].headers", """[{"name":"a","description":"b","url":"https://example.org","headers":[]}]""")]
    [InlineData("[0].headers.Host", """[{"name":"a","description":"b","url":"https://example.org","headers":{"Host":"x"}}]""")]
    [InlineData("[0].headers.X-A", """[{"name":"a","description":"b","url":"https://example.org","headers":{"X-A":"a\r\nb"}}]""")]
    [InlineData("[0].headers.X A", """[{"name":"a","description":"b","url":"https://example.org","headers":{"X A":"a"}}]""")]
    [InlineData("[0].headers.X-A", """[{"name":"a","description":"b","url":"https://example.org","headers":{"X-A":5}}]""")]
    [InlineData("[0].colour", """[{"name":"a","description":"b","url":"https://example.org","colour":"red"}]""")]
    [InlineData("[0]", """[{"name":"a","description":"\ud800","url":"https://example.org"}]""")]
    [InlineData("[0].parameters.type", """[{"name":"a","description":"b","url":"https://example.org","parameters":{"type":"STRING"}}]""")]
    [InlineData("[0].parameters", """[{"name":"a","description":"b","url":"https://example.org","parameters":"x"}]""")]
    [InlineData("[0].parameters.additionalProperties", """[{"name":"a","description":"b","url":"https://example.org","parameters":{"type":"OBJECT","additionalProperties":false}}]""")]
    [InlineData("[0].parameters.required", """[{"name":"a","description":"b","url":"https://example.org","parameters":{"type":"OBJECT","required":["z"],"properties":{"x":{"type":"STRING"}}}}]""")]
    [InlineData("[0].parameters.properties.x.type", """[{"name":"a","description":"b","url":"https://example.org","parameters":{"type":"OBJECT","properties":{"x":{"type":"null"}}}}]""")]
    [InlineData("[0].parameters.properties.x.items", """[{"name":"a","description":"b","url":"https://example.org","parameters":{"type":"OBJECT","properties":{"x":{"type":"ARRAY"}}}}]""")]
    [InlineData("[0].parameters.properties.x.enum", """[{"name":"a","description":"b","url":"https://example.org","parameters":{"type":"OBJECT","properties":{"x":{"type":"NUMBER","enum":["1"]}}}}]""")]
    [InlineData("[0].parameters.properties.x.properties", """[{"name":"a","description":"b","url":"https://example.org","parameters":{"type":"OBJECT","properties":{"x":{"type":"OBJECT"}}}}]""")]
    public void Validate_WhenOneThingIsWrong_NamesExactlyThat(string path, string json)
    {
        var error = Assert.Single(AgentHttpTool.Validate(Settings(json)));

        Assert.Equal("settings.httpTools" + path, error.Path);
    }

    [Fact]
    public void Validate_WhenThereAreTooMany_SaysSo()
    {
        var tools = Enumerable.Range(0, 11).Select(i => $$"""{"name":"t{{i}}","description":"b","url":"https://example.org"}""");

        Assert.Equal("settings.httpTools", Assert.Single(AgentHttpTool.Validate(Settings($"[{string.Join(',', tools)}]"))).Path);
    }

    [Fact]
    public void Validate_WhenPlainHttpIsAllowed_TakesAddressesInside() =>
        Assert.Empty(AgentHttpTool.Validate(Settings("""[{"name":"a","description":"b","url":"http://127.0.0.1:8080/x"}]"""), allowPlainHttp: true));

    [Fact]
    public void Read_WhenOneIsWrong_KeepsTheOthers()
    {
        var json = """[{"name":"bad one","description":"b","url":"https://example.org"},{"name":"good","description":"b","url":"https://example.org"}]""";

        Assert.Equal(["good"], AgentHttpTool.Read(Settings(json)).Select(t => t.Name));
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("100.63.255.255", true)]
    [InlineData("100.128.0.1", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("2a00:1450:4001::1", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("192.0.0.192", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("203.0.113.5", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("240.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fe80::1%2", false)]
    [InlineData("fec0::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("ff02::1", false)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:32.1.2.3", false)]
    [InlineData("::10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("64:ff9b::808:808", false)]
    [InlineData("64:ff9b:1::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("2002:808:808::1", false)]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2a00:1450::5efe:a00:1", false)]
    public void IsAllowed_IsForPublicAddressesOnly(string address, bool allowed) =>
        Assert.Equal(allowed, HttpToolAddress.IsAllowed(IPAddress.Parse(address)));

    internal static ImmutableDictionary<string, JsonElement> Settings(string json) =>
        ImmutableDictionary<string, JsonElement>.Empty.Add(AgentHttpTool.SettingsKey, JsonDocument.Parse(json).RootElement);
}
