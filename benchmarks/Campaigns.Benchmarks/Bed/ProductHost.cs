using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Campaigns.Api;
using Microsoft.Extensions.Logging.Console;
using Orleans;

namespace Campaigns.Benchmarks.Bed;

/// <summary>The product as its own program starts it, in this process: silo, API, webhooks.</summary>
internal sealed class ProductHost : IAsyncDisposable
{
    /// <summary>The organization in the API's addresses.</summary>
    public const string Slug = "bench";

    /// <summary>The account at the carrier.</summary>
    public const string Account = "campaigns1";

    private const string ApiKey = "ck_bench_0123456789abcdef0123456789abcdef";

    private readonly WebApplication _app;

    private ProductHost(WebApplication app, HttpClient client)
    {
        _app = app;
        Client = client;
    }

    /// <summary>An operator: the key is set, addresses are relative to the organization's.</summary>
    public HttpClient Client { get; }

    public IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    /// <param name="connectionString">The database.</param>
    /// <param name="carrier">The carrier's address.</param>
    /// <param name="settings">More configuration, which wins.</param>
    public static async Task<ProductHost> StartAsync(string connectionString, Uri carrier, params (string Key, string Value)[] settings)
    {
        var port = FreePort();
        var configuration = Configuration(connectionString, carrier, port, settings);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(configuration);
        // A rule of the provider's own, because the product's rules for single categories would win over a minimum level.
        builder.Logging.ClearProviders().AddSimpleConsole().AddFilter<ConsoleLoggerProvider>(category: null, LogLevel.Error);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "");

        // Ctrl-C and a request to end are for the whole run: a host that took them for itself would leave it waiting.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.AddCampaignsHost();
        var app = builder.Build();
        app.MapCampaignsHost();
        await app.StartAsync();
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/orgs/{Slug}/"), Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
        return new ProductHost(app, client);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>The configuration of a host that listens there.</summary>
    internal static Dictionary<string, string?> Configuration(
        string connectionString, Uri carrier, int port, IEnumerable<(string Key, string Value)> settings)
    {
        var configuration = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Campaigns"] = connectionString,
            ["Campaigns:Cluster:Membership"] = "Alone",
            ["Campaigns:Bootstrap:Slug"] = Slug,
            ["Campaigns:Bootstrap:ApiKey"] = ApiKey,
            ["Campaigns:Bootstrap:MaxConcurrent"] = "10000",
            ["Campaigns:Bootstrap:CarrierCallsPerMinute"] = "60000",
            ["Campaigns:Exotel:BaseAddress"] = carrier.AbsoluteUri,
            ["Campaigns:Exotel:PublicBaseAddress"] = $"http://127.0.0.1:{port}/",
            ["Campaigns:Exotel:MediaBaseAddress"] = $"ws://127.0.0.1:{port}/",
            ["Campaigns:Exotel:AccountSid"] = Account,
            ["Campaigns:Exotel:ApiKey"] = "key",
            ["Campaigns:Exotel:ApiToken"] = "token",
            ["Campaigns:Exotel:CallerId"] = "08047191234",
            ["Campaigns:Exotel:LookUpsShareLimit"] = "false",
        };
        foreach (var (key, value) in settings)
        {
            configuration[key] = value;
        }

        return configuration;
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
