#if ORLEANS_PACKAGES
using System.Globalization;
using System.Text;
using Campaigns.EndToEnd.Tests.Bed;
using Campaigns.Stores;
using Campaigns.Testing;
using CarrierSimulator;
using Orleans.Storage;

namespace Campaigns.Cluster.Tests.Packages;

/// <summary>Orleans' own providers on our statements: two silos as one cluster, and a grain whose state outlives its activations.</summary>
public sealed class StorageTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly string _cluster = $"cluster-{Guid.NewGuid():N}";
    private readonly string _key = $"note-{Guid.NewGuid():N}";
    private CampaignBed _bed = null!;
    private InProcessHost _one = null!;
    private InProcessHost _two = null!;

    public async Task InitializeAsync()
    {
        if (PostgresPrerequisite.SkipReason is not null)
        {
            return;
        }

        _bed = await CampaignBed.CreateAsync(fixture, new SeedShape { Contacts = 1, AccountCallsPerMinute = 1 }, new CarrierSimulatorOptions());
        await _bed.Seed.Campaigns.ApplyAsync(
            _bed.Seed.CampaignId, CampaignCommand.Cancel, "not called here", TimeProvider.System.GetUtcNow(), CancellationToken.None);
        _one = await StartAsync("one");
        _two = await StartAsync("two");
    }

    public async Task DisposeAsync()
    {
        if (PostgresPrerequisite.SkipReason is null)
        {
            await _two.DisposeAsync();
            await _one.DisposeAsync();
            await _bed.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task State_WrittenOnASiloThatLeaves_IsReadOnAnother()
    {
        await using (var three = await StartAsync("three"))
        {
            await Note(three).WriteAsync("first");
            Assert.Equal("first", await Note(_two).ReadAsync());
            Assert.Equal("three", await Note(_two).SiloAsync());
        }

        Assert.Equal("first", await Note(_two).ReadAsync());
        Assert.NotEqual("three", await Note(_one).SiloAsync());
    }

    [PostgresFact]
    public async Task Payload_IsPlainJson_WithoutTypeNames()
    {
        await Note(_one).WriteAsync("what it says");
        var payload = await _bed.Seed.ScalarAsync<byte[]>(
            "SELECT payload FROM orleans_grain_states WHERE service_id = 'campaigns' AND id_extension = $1", _key);
        Assert.Equal("{\"text\":\"what it says\"}", Encoding.UTF8.GetString(payload));
    }

    [PostgresFact]
    public async Task Write_WhenAnotherActivationHasWritten_IsRefused_AndTheNextReadsThat()
    {
        await Note(_one).WriteAsync("mine");
        await _bed.Seed.ExecuteAsync(
            "UPDATE orleans_grain_states SET version = version + 1, payload = $2 WHERE id_extension = $1",
            _key,
            Encoding.UTF8.GetBytes("{\"text\":\"theirs\"}"));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Note(_one).WriteAsync("over theirs"));
        Assert.Equal("theirs", await Note(_one).ReadAsync());
    }

    [PostgresFact]
    public async Task Clear_ForgetsTheText_AndANewOneCanBeWritten()
    {
        await Note(_one).WriteAsync("a");
        await Note(_one).ClearAsync();
        Assert.Equal("nothing", await Note(_two).ReadAsync());
        await Note(_two).WriteAsync("b");
        Assert.Equal("b", await Note(_one).ReadAsync());
    }

    [PostgresFact]
    public async Task Membership_ShowsWhoIsThere_AndWhoHasLeft()
    {
        Assert.Equal(2L, await CountAsync("status = 3"));
        await using (await StartAsync("three"))
        {
            Assert.Equal(3L, await CountAsync("status = 3"));
            Assert.Equal(1L, await CountAsync("silo_name = 'three' AND proxy_port > 0"));
        }

        Assert.Equal(1L, await CountAsync("silo_name = 'three' AND status = 6"));
        Assert.Equal(2L, await CountAsync("status = 3"));
    }

    private INoteGrain Note(InProcessHost host) => host.Grains.GetGrain<INoteGrain>(_key);

    private Task<long> CountAsync(string condition)
        => _bed.Seed.ScalarAsync<long>($"SELECT count(*) FROM orleans_memberships WHERE cluster_id = $1 AND {condition}", _cluster);

    private Task<InProcessHost> StartAsync(string name)
    {
        var port = Loopback.FreePort();
        var configuration = _bed.Configuration(port, name);
        configuration["Campaigns:Cluster:Membership"] = "Postgres";
        configuration["Campaigns:Cluster:ClusterId"] = _cluster;
        configuration["Campaigns:Cluster:AdvertisedAddress"] = "127.0.0.1";
        configuration["Campaigns:Cluster:SiloPort"] = Loopback.FreePort().ToString(CultureInfo.InvariantCulture);
        configuration["Campaigns:Cluster:GatewayPort"] = Loopback.FreePort().ToString(CultureInfo.InvariantCulture);
        return InProcessHost.StartAsync(configuration, port);
    }
}
#endif
