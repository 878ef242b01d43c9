using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CarrierSimulator.Tests;

/// <summary>One status callback as it arrived: form fields, or the JSON object with its values as text.</summary>
internal sealed record Received(string ContentType, IReadOnlyDictionary<string, string> Fields, JsonElement? Json)
{
    public string this[string name] => Fields[name];

    public string Event => Fields.GetValueOrDefault("EventType", "");
}

/// <summary>The client's status callback endpoint, over a real socket.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly List<Received> _received = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];

    private Receiver(WebApplication app) => _app = app;

    public Uri Url =>
        new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/callback");

    /// <summary>Decides the status of the n-th (from 1) callback.</summary>
    public Func<int, Task<int>> Reply { get; set; } = _ => Task.FromResult(200);

    public IReadOnlyList<Received> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _received];
            }
        }
    }

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var receiver = new Receiver(builder.Build());
        receiver._app.Run(receiver.HandleAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public Task WhenAsync(int count)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, reached));
            Tell();
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(0);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var received = await ReadAsync(context.Request);
        int count;
        lock (_lock)
        {
            _received.Add(received);
            count = _received.Count;
            Tell();
        }

        context.Response.StatusCode = await Reply(count);
    }

    private void Tell()
    {
        foreach (var (_, reached) in _waiters.Where(w => _received.Count >= w.Count))
        {
            reached.TrySetResult();
        }
    }

    private static async Task<Received> ReadAsync(HttpRequest request)
    {
        var type = request.ContentType!.Split(';')[0];
        if (type != "application/json")
        {
            var form = await request.ReadFormAsync();
            return new Received(type, form.ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal), null);
        }

        using var body = await JsonDocument.ParseAsync(request.Body);
        var json = body.RootElement.Clone();
        return new Received(type, json.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString(), StringComparer.Ordinal), json);
    }
}
