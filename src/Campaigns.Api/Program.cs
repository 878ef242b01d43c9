using Campaigns.Hosting;

namespace Campaigns.Api;

/// <summary>The API as a process of its own.</summary>
public sealed class Program
{
    private Program()
    {
    }

    /// <summary>
    /// Runs the host until it is told to stop. <c>--version</c> names the build and its engine; <c>migrate</c> brings the database to this build's schema
    /// and ends.
    /// </summary>
    /// <returns>0 when it was told to stop or has migrated, 1 when it could not; the reason is on stderr.</returns>
    public static Task<int> Main(string[] args)
        => args is ["migrate", .. var rest]
            ? HostProgram.MigrateAsync(rest)
            : HostProgram.RunAsync(args, () => WebApplication.CreateBuilder(args).AddCampaignsApiHost().Build().MapCampaignsApiHost());
}
