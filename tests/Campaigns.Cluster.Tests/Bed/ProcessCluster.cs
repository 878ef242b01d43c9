using System.Globalization;
using Campaigns.EndToEnd.Tests.Bed;
using Campaigns.Hosting.Engine;
using Campaigns.Testing;

namespace Campaigns.Cluster.Tests.Bed;

/// <summary>
/// Silos and an API as processes over one database: with the Orleans packages one cluster and its client, with the single-process engine hosts that share
/// the database. Either way the carrier's callbacks go to the API.
/// </summary>
public sealed class ProcessCluster : IAsyncDisposable
{
    private readonly CampaignBed _bed;
    private readonly Dictionary<string, ProductProcess> _silos = new(StringComparer.Ordinal);
    private readonly string _id = $"cluster-{Guid.NewGuid():N}";
    private readonly Dictionary<string, (int Port, Dictionary<string, string?> Configuration)> _settings = new(StringComparer.Ordinal);
    private readonly HashSet<int> _ports = [];
    private readonly int _apiPort;
    private ProductProcess? _api;

    public ProcessCluster(CampaignBed bed)
    {
        _bed = bed;
        _apiPort = FreePort();
    }

    public ProductProcess Api => _api ?? throw new InvalidOperationException("There is no API yet.");

    public ProductProcess this[string silo] => _silos[silo];

    public string ClusterId => _id;

    /// <summary>More configuration of every process, which wins.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Starts a silo without waiting for it.</summary>
    public ProductProcess Start(string name)
    {
        // Again under its name it has its old addresses.
        if (!_settings.TryGetValue(name, out var settings))
        {
            var port = FreePort();
            _settings[name] = settings = (port, Configuration(port, name));
        }

        return _silos[name] = ProductProcess.Start("Campaigns.Silo", settings.Port, settings.Configuration);
    }

    public async Task StartAsync(params string[] names)
    {
        var silos = names.Select(Start).ToArray();
        await Task.WhenAll(silos.Select(silo => silo.WhenReadyAsync()));
    }

    public Task StartApiAsync()
    {
        _api = ProductProcess.Start("Campaigns.Api", _apiPort, Configuration(_apiPort, "api"));
        return _api.WhenReadyAsync();
    }

    /// <summary>The name of the silo that drives the campaign, when one does.</summary>
    public async Task<string> OwnerAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var owner = await _bed.Seed.ScalarAsync<string>(
                "SELECT coalesce(lease_owner, '') FROM campaigns WHERE id = $1 AND lease_until > now() UNION ALL SELECT '' LIMIT 1", _bed.Seed.CampaignId);
            if (owner.Split('/')[0] is { Length: > 0 } name)
            {
                return name;
            }

            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Nobody drives the campaign after 60 s.\n{Outputs}");
            }
        }
    }

    /// <summary>What all of them wrote.</summary>
    public string Outputs => string.Join('\n', _silos.Select(silo => $"--- {silo.Key}\n{silo.Value.Output}").Append($"--- api\n{_api?.Output}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.Values)
        {
            await silo.DisposeAsync();
        }

        if (_api is not null)
        {
            await _api.DisposeAsync();
        }
    }

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
        var configuration = _bed.Configuration(port, name);
        configuration["Campaigns:Exotel:PublicBaseAddress"] = $"http://127.0.0.1:{_apiPort}/";
        configuration["Campaigns:Cluster:Membership"] = OrleansEngine.Membership.ToString();
        configuration["Campaigns:Cluster:ClusterId"] = _id;
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
