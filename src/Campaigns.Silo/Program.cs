using Campaigns.Hosting;
using Campaigns.Silo.Draining;

namespace Campaigns.Silo;

/// <summary>A silo as a process of its own.</summary>
public sealed class Program
{
    private Program()
    {
    }

    /// <summary>Runs the silo until it is told to stop and drained; <c>--version</c> names the build and its engine.</summary>
    /// <returns>0 when it was told to stop, 1 when it could not start; the reason is on stderr.</returns>
    public static Task<int> Main(string[] args)
        => HostProgram.RunAsync(args, () => WebApplication.CreateBuilder(args).AddCampaignsSiloHost().DrainBeforeStop().Build().MapCampaignsSiloHost());
}
