using System.Collections.Concurrent;
using System.Globalization;
using Campaigns.Hosting.Engine;

namespace Campaigns.Testing.Hosts;

/// <summary>
/// Silos and an API as processes over one database: with the Orleans packages one cluster and its client, with the single-process engine hosts that share
/// the database. Either way the carrier's callbacks go to the API.
/// </summary>
/// <param name="configure">What a host of this port and name is configured with, beside what makes it one of the cluster.</param>
public class HostCluster(Func<int, string, Dictionary<string, string?>> configure) : IAsyncDisposable
{
    /// <summary>The name that the API goes by.</summary>
    public const string ApiName = "api";

    private readonly ConcurrentDictionary<string, ProductProcess> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Port, Dictionary<string, string?> Configuration)> _settings = new(StringComparer.Ordinal);
    private readonly HashSet<int> _ports = [];
    private int _apiPort;

    public ProductProcess Api => _hosts.GetValueOrDefault(ApiName) ?? throw new InvalidOperationException("There is no API yet.");

    /// <summary>The host of that name, as it was started last.</summary>
    public ProductProcess this[string name] => _hosts[name];

    /// <summary>Every name that was ever started.</summary>
    public IReadOnlyCollection<string> Names => [.. _hosts.Keys.Order(StringComparer.Ordinal)];

    public string ClusterId { get; } = $"cluster-{Guid.NewGuid():N}";

    /// <summary>More configuration of every process, which wins.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Starts a host without waiting for it. Again under its name it has its old addresses.</summary>
    public ProductProcess Start(string name)
    {
        if (!_settings.TryGetValue(name, out var settings))
        {
            var port = name == ApiName ? ApiPort : FreePort();
            _settings[name] = settings = (port, Configuration(port, name));
        }

        return _hosts[name] = ProductProcess.Start(name == ApiName ? "Campaigns.Api" : "Campaigns.Silo", settings.Port, settings.Configuration);
    }

    public async Task StartAsync(params string[] names)
    {
        var hosts = names.Select(Start).ToArray();
        await Task.WhenAll(hosts.Select(host => host.WhenReadyAsync()));
    }

    public Task StartApiAsync() => StartAsync(ApiName);

    /// <summary>What all of them wrote.</summary>
    public string Outputs => string.Join('\n', _hosts.Select(host => $"--- {host.Key}\n{host.Value.Output}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts.Values)
        {
            await host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private int ApiPort => _apiPort == 0 ? _apiPort = FreePort() : _apiPort;

    /// <summary>A port that no other process of this cluster was given: they bind theirs a while after they were told.</summary>
    private int FreePort()
    {
        int port;
        do
        {
            port = Loopback.FreePort();
        }
        while (!_ports.Add(port));
        return port;
    }

    private Dictionary<string, string?> Configuration(int port, string name)
    {
        var configuration = configure(port, name);
        configuration["Campaigns:Exotel:PublicBaseAddress"] = $"http://127.0.0.1:{ApiPort}/";
        configuration["Campaigns:Cluster:Membership"] = OrleansEngine.Membership.ToString();
        configuration["Campaigns:Cluster:ClusterId"] = ClusterId;
        configuration["Campaigns:Silo:DrainNotice"] = "00:00:00";
        configuration["Campaigns:Cluster:AdvertisedAddress"] = "127.0.0.1";
        configuration["Campaigns:Cluster:SiloPort"] = FreePort().ToString(CultureInfo.InvariantCulture);
        configuration["Campaigns:Cluster:GatewayPort"] = FreePort().ToString(CultureInfo.InvariantCulture);
        foreach (var (key, value) in Settings)
        {
            configuration[key] = value;
        }

        return configuration;
    }
}
