using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LiveModelSimulator;

/// <summary>A running live model simulator, listening on 127.0.0.1. Disposing it drops its sessions.</summary>
public sealed class LiveModelSimulatorHost : IAsyncDisposable
{
    private const int MaxBodyBytes = 8 * 1024 * 1024;

    private readonly WebApplication _app;
    private readonly SessionServices _services;
    private readonly CancellationTokenSource _stopping;
    private int _disposed;

    private LiveModelSimulatorHost(WebApplication app, SessionServices services, CancellationTokenSource stopping)
    {
        _app = app;
        _services = services;
        _stopping = stopping;
        BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        WebSocketAddress = new UriBuilder(BaseAddress) { Scheme = "ws" }.Uri;
    }

    /// <summary>http, with a trailing slash: stands for either platform's host.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The same address for WebSockets.</summary>
    public Uri WebSocketAddress { get; }

    /// <summary>Every session there was.</summary>
    public Ledger Ledger => _services.Ledger;

    /// <summary>The switches; set a changed copy.</summary>
    /// <exception cref="FormatException">A fault does not exist.</exception>
    public LiveModelControl Control
    {
        get => _services.Control;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _ = FaultPlan.Parse(value.Faults ?? "");
            _services.Control = value;
        }
    }

    /// <summary>Starts a simulator.</summary>
    /// <param name="options">Must not change afterwards.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentException">Options are wrong; the message names each.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LiveModelSimulatorHost> StartAsync(
        LiveModelSimulatorOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        }

        // An empty builder: the surrounding process's ASPNETCORE_ variables and appsettings are none of the simulator's business.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Listen(options.AnyAddress ? IPAddress.Any : IPAddress.Loopback, options.Port);
        });

        var stopping = new CancellationTokenSource();
        var services = new SessionServices(options);
        var app = builder.Build();
        app.UseWebSockets();
        app.UseRouting();
        var host = default(LiveModelSimulatorHost);
        ControlApi.Map(app, services, control => host!.Control = control);
        ModelRoutes.Map(app, new LiveEndpoint(services, stopping.Token), new ExtractionApi(services));
        app.UseEndpoints(_ => { });
        try
        {
            await app.StartAsync(cancellationToken);
            return host = new LiveModelSimulatorHost(app, services, stopping);
        }
        catch
        {
            await app.DisposeAsync();
            stopping.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _stopping.CancelAsync();
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
            _stopping.Dispose();
        }
    }
}
