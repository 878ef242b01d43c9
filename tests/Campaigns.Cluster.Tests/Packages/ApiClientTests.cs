#if ORLEANS_PACKAGES
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Campaigns.Cluster.Tests.Bed;
using Campaigns.EndToEnd.Tests.Bed;
using Campaigns.Testing;
using CarrierSimulator;
using Xunit.Abstractions;

namespace Campaigns.Cluster.Tests.Packages;

/// <summary>The API as a client of silos in other processes: it commands their grains, holds no calls, and says whether they are there.</summary>
public sealed class ApiClientTests(PostgresFixture fixture, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const string Key = "ck_cluster_0123456789abcdef0123456789abcdef";

    [PostgresFact]
    public async Task Api_OfACluster_CommandsItsGrainsRefusesMediaAndMissesItsSilos()
    {
        await using var bed = await CampaignBed.CreateAsync(
            fixture, new SeedShape { Contacts = 500, CallsPerMinute = 60 }, new CarrierSimulatorOptions { Speed = 60, CallsPerMinute = null });
        var slug = await bed.Seed.ScalarAsync<string>("SELECT slug FROM organizations WHERE id = $1", bed.Seed.OrganizationId);
        await using var cluster = new ProcessCluster(bed)
        {
            Settings = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Campaigns:Bootstrap:Slug"] = slug,
                ["Campaigns:Bootstrap:ApiKey"] = Key,
            },
        };

        // The API first: it waits for a silo.
        var api = cluster.StartApiAsync();
        await cluster.StartAsync("one");
        await api;
        cluster.Api.Client.DefaultRequestHeaders.Add("X-Api-Key", Key);
        await cluster.OwnerAsync();

        foreach (var (command, status) in new[] { ("pause", "PAUSED"), ("resume", "RUNNING"), ("cancel", "CANCELLED") })
        {
            using var answer = await cluster.Api.Client.PostAsync($"/api/orgs/{slug}/campaigns/{bed.Seed.CampaignId}/{command}", content: null);
            var body = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{command}: {(int)answer.StatusCode} {body}");
            Assert.Equal(status, await bed.Seed.ScalarAsync<string>("SELECT status FROM campaigns WHERE id = $1", bed.Seed.CampaignId));
        }

        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        var address = new UriBuilder(cluster.Api.Client.BaseAddress!) { Scheme = "ws", Path = $"/media/exotel/{Guid.NewGuid()}/secret" }.Uri;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(address, CancellationToken.None));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, socket.HttpStatusCode);

        await cluster["one"].KillAsync();
        var killed = TimeProvider.System.GetTimestamp();
        Assert.Contains("No silo of the cluster can be reached.", await WhenNotReadyAsync(cluster), StringComparison.Ordinal);
        using var alive = await cluster.Api.Client.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);

        var missed = TimeProvider.System.GetElapsedTime(killed);

        // And back, without a restart of the API.
        await cluster.StartAsync("one");
        var started = TimeProvider.System.GetElapsedTime(killed);
        await cluster.Api.WhenReadyAsync();
        output.WriteLine($"Missed after {missed.TotalSeconds:0.0} s, silo back after {started.TotalSeconds:0.0} s, "
            + $"API ready after {TimeProvider.System.GetElapsedTime(killed).TotalSeconds:0.0} s.");
    }

    /// <summary>What the API says when it is not ready any more.</summary>
    private static async Task<string> WhenNotReadyAsync(ProcessCluster cluster)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (true)
            {
                using var answer = await cluster.Api.Client.GetAsync("/health/ready", deadline.Token);
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(deadline.Token)).RootElement.GetProperty("detail").GetString()!;
                }

                await timer.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"The API still says that it is ready, a minute after its silo was killed.\n{cluster.Outputs}", late);
        }
    }
}
#endif
