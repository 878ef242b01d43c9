using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Campaigns.GeminiLive.Tests.Bed;

/// <summary>Answers every request alike, or not at all.</summary>
internal sealed class AnswerServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string? body;
    private readonly int status;

    private AnswerServer(WebApplication app, string? body, int status) => (this.app, this.body, this.status) = (app, body, status);

    public ConcurrentQueue<(string Target, Dictionary<string, string> Headers, string Body)> Requests { get; } = new();

    public SemaphoreSlim Asked { get; } = new(0);

    public Uri Address => new(app.Urls.Single());

    public static async Task<AnswerServer> StartAsync(string? body, int status = 200)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var host = builder.Build();
        var server = new AnswerServer(host, body, status);
        host.Run(server.AnswerAsync);
        await host.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Asked.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        Requests.Enqueue((
            $"{context.Request.Method} {context.Request.Path}",
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            text));
        Asked.Release();
        if (body is null)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }

        context.Response.StatusCode = status;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }
}
