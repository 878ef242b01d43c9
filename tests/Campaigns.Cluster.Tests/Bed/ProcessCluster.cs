using Campaigns.EndToEnd.Tests.Bed;
using Campaigns.Testing.Hosts;

namespace Campaigns.Cluster.Tests.Bed;

/// <summary>A cluster of processes around a bed's campaign.</summary>
public sealed class ProcessCluster(CampaignBed bed) : HostCluster(bed.Configuration)
{
    /// <summary>The name of the silo that drives the campaign, when one does.</summary>
    public async Task<string> OwnerAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var owner = await bed.Seed.ScalarAsync<string>(
                "SELECT coalesce(lease_owner, '') FROM campaigns WHERE id = $1 AND lease_until > now() UNION ALL SELECT '' LIMIT 1", bed.Seed.CampaignId);
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
}
