using Campaigns.Hosting;

namespace Campaigns.Api;

/// <summary>The API as a process of its own.</summary>
public sealed class Program
{
    private Program()
    {
    }

    /// <summary>
    /// Runs the host until it is told to stop. <c>--version</c> names the build and its engine. Two commands end by themselves: <c>migrate</c> brings the
    /// database to this build's schema, <c>pause-all REASON</c> pauses every campaign of a database that was restored.
    /// </summary>
    /// <returns>0 when it was told to stop or the command is done, 1 when it could not; the reason is on stderr.</returns>
    public static Task<int> Main(string[] args) => args switch
    {
        ["migrate", .. var rest] => HostProgram.MigrateAsync(rest),
        ["pause-all", .. var rest] => HostProgram.PauseAllAsync(rest),
        _ => HostProgram.RunAsync(args, () => WebApplication.CreateBuilder(args).AddCampaignsApiHost().Build().MapCampaignsApiHost()),
    };
}
