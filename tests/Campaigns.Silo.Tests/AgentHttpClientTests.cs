using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Campaigns.Domain.Tools;
using Campaigns.Silo.Calls;
using Campaigns.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.Silo.Tests;

/// <summary>An agent's own tools: what is sent, what comes back, and where they may not reach.</summary>
public sealed class AgentHttpClientTests
{
    private static readonly Guid Session = Guid.NewGuid();

    [Fact]
    public async Task Call_ByPost_SendsTheArgumentsAndTheSession()
    {
        string? body = null;
        Dictionary<string, string>? headers = null;
        await using var server = await ToolServer.StartAsync(async context =>
        {
            headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await context.Response.WriteAsync("""{"price": 4200}""");
        });
        using var client = Client(allow: true);

        var answer = await client.CallAsync(
            Tool(server.Address) with { Headers = ImmutableDictionary<string, string>.Empty.Add("X-Key", "k") }, """{"plan":"Family"}""", Session, default);

        Assert.Equal(4200, (int)JsonNode.Parse(answer)!["output"]!["price"]!);
        Assert.Equal("""{"plan":"Family"}""", body);
        Assert.Equal("k", headers!["X-Key"]);
        Assert.Equal(Session.ToString("D"), headers["X-Session-Id"]);
    }

    [Fact]
    public async Task Call_ByGet_PutsTheArgumentsIntoTheQuery()
    {
        string? query = null;
        await using var server = await ToolServer.StartAsync(context =>
        {
            query = context.Request.QueryString.Value;
            return context.Response.WriteAsync("plain words");
        });
        using var client = Client(allow: true);

        var answer = await client.CallAsync(
            Tool(new Uri(server.Address + "?v=1")) with { Method = "GET" }, """{"name":"A & B","n":3}""", Session, default);

        Assert.Equal("?v=1&name=A%20%26%20B&n=3", query);
        Assert.Equal("plain words", (string)JsonNode.Parse(answer)!["output"]!["result"]!);
    }

    [Fact]
    public async Task Call_ToALoopbackAddress_IsRefusedBeforeAnythingIsSent()
    {
        await using var server = await ToolServer.StartAsync(context => context.Response.WriteAsync("secret"));
        using var client = Client(allow: false);

        foreach (var host in new[] { "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]" })
        {
            var answer = await client.CallAsync(Tool(new Uri($"https://{host}:{server.Address.Port}/tool")), "{}", Session, default);
            Assert.Equal("the tool's address may not be called", Error(answer));
        }

        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task Call_InPlainText_IsRefused()
    {
        await using var server = await ToolServer.StartAsync(context => context.Response.WriteAsync("secret"));
        using var client = Client(allow: false);

        Assert.Equal("the tool's address may not be called", Error(await client.CallAsync(Tool(server.Address), "{}", Session, default)));
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task Call_ThatIsRedirected_DoesNotFollow()
    {
        await using var target = await ToolServer.StartAsync(context => context.Response.WriteAsync("secret"));
        await using var server = await ToolServer.StartAsync(context =>
        {
            context.Response.Redirect(target.Address.ToString());
            return Task.CompletedTask;
        });
        using var client = Client(allow: true);

        Assert.Equal("the tool answered 302", Error(await client.CallAsync(Tool(server.Address), "{}", Session, default)));
        Assert.Equal(0, target.Requests);
    }

    [Fact]
    public async Task Call_WithoutAnAnswer_EndsWithItsTimeout()
    {
        var clock = new FakeClock();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ToolServer.StartAsync(async context =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var client = Client(allow: true, clock);

        var call = client.CallAsync(Tool(server.Address) with { Timeout = TimeSpan.FromSeconds(3) }, "{}", Session, default);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));
        clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal("the tool did not answer in time", Error(await call.WaitAsync(TimeSpan.FromSeconds(30))));
    }

    [Fact]
    public async Task Call_WithAnEndlessAnswer_ReadsNoMoreThanItMay()
    {
        await using var server = await ToolServer.StartAsync(context => context.Response.WriteAsync(new string('x', 100_000)));
        using var client = Client(allow: true);

        Assert.Equal("the tool's answer is too long", Error(await client.CallAsync(Tool(server.Address), "{}", Session, default)));
    }

    [Fact]
    public async Task Call_ToNobody_SaysThatItCouldNotBeReached()
    {
        using var client = Client(allow: true);

        Assert.Equal(
            "the tool could not be reached",
            Error(await client.CallAsync(Tool(new Uri($"http://127.0.0.1:{Loopback.FreePort()}/")), "{}", Session, default)));
    }

    private static string Error(string answer) => (string)JsonNode.Parse(answer)!["error"]!;

    private static AgentHttpTool Tool(Uri address) => new() { Name = "price", Description = "The price.", Url = address, Method = "POST" };

    private static AgentHttpClient Client(bool allow, TimeProvider? clock = null)
        => new(Options.Create(new AgentHttpOptions { AllowPlainHttp = allow }), clock ?? TimeProvider.System, new LogCapture().CreateLogger<AgentHttpClient>());
}
