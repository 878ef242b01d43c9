using Campaigns.Api.Problems;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Campaigns.Api;

/// <summary>How long a request may take.</summary>
internal static class ApiTimeouts
{
    /// <summary>Policy of file imports: two minutes, for slow lines.</summary>
    internal const string Import = "import";

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan File = TimeSpan.FromMinutes(2);

    internal static void Configure(RequestTimeoutOptions options)
    {
        // Longer than a grain call may take: its own time-out is the better answer.
        options.DefaultPolicy = Policy(Usual);
        options.AddPolicy(Import, Policy(File));
    }

    private static RequestTimeoutPolicy Policy(TimeSpan timeout)
        => new()
        {
            Timeout = timeout,
            TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
            WriteTimeoutResponse = context => Problem.TimedOut($"The request took longer than {timeout.TotalSeconds:0} s.").ExecuteAsync(context),
        };
}
