using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CarrierSimulator;

/// <summary>A running carrier simulator, listening on 127.0.0.1. Disposing it is as abrupt for its calls as killing the process.</summary>
public sealed class CarrierSimulatorHost : IAsyncDisposable
{
    private const int MaxBodyBytes = 64 * 1024;

    private readonly WebApplication _app;
    private readonly Switchboard _switchboard;
    private readonly CallbackSender _sender;
    private int _disposed;

    private CarrierSimulatorHost(WebApplication app, Switchboard switchboard, CallbackSender sender)
    {
        _app = app;
        _switchboard = switchboard;
        _sender = sender;
        Conversations = new Conversations(switchboard.Ledger);
        BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
    }

    /// <summary>Where it listens, with a trailing slash; the REST API is under v1/Accounts/{sid}.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Every dial there was.</summary>
    public Ledger Ledger => _switchboard.Ledger;

    /// <summary>What was heard and said on answered calls.</summary>
    public Conversations Conversations { get; }

    /// <summary>Who answers; put somebody of your own at a number before it is called.</summary>
    public People People => _switchboard.People;

    /// <summary>The switches; set a changed copy.</summary>
    public CarrierControl Control
    {
        get => _switchboard.Control;
        set => _switchboard.Control = value;
    }

    /// <summary>Starts a simulator; with a ledger file it first carries on the calls that were live when the last one ended.</summary>
    /// <param name="options">Must not change afterwards.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentException">Options are wrong; the message names each.</exception>
    /// <exception cref="IOException">The port or the ledger file is taken.</exception>
    public static async Task<CarrierSimulatorHost> StartAsync(
        CarrierSimulatorOptions options,
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

        var ledger = new Ledger(options.TimeProvider, options.LedgerFile);
        var sender = new CallbackSender(options);
        var switchboard = new Switchboard(options, ledger, sender);
        var app = builder.Build();
        var api = new ExotelApi(options, switchboard);
        app.UseRouting();
        ControlApi.Map(app, switchboard);
        app.Map("/v1/{**path}", api.HandleAsync);
        app.UseEndpoints(_ => { });
        try
        {
            switchboard.Resume();
            await app.StartAsync(cancellationToken);
            return new CarrierSimulatorHost(app, switchboard, sender);
        }
        catch
        {
            await StopAsync(app, switchboard, sender);
            throw;
        }
    }

    /// <summary>Ends when no call is live and every callback is settled.</summary>
    public Task WhenIdleAsync(CancellationToken cancellationToken = default) => _switchboard.Activity.WhenIdleAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await StopAsync(_app, _switchboard, _sender);
        }
    }

    private static async Task StopAsync(WebApplication app, Switchboard switchboard, CallbackSender sender)
    {
        switchboard.Dispose();
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        sender.Dispose();
    }
}
