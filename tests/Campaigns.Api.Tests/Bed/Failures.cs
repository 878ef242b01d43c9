using Npgsql;
using Orleans.Runtime;

namespace Campaigns.Api.Tests.Bed;

/// <summary>An endpoint that fails in the ways its name says.</summary>
internal static class Failures
{
    internal static string Throw(string how) => how switch
    {
        "timeout" => throw new TimeoutException("secret"),
        "cluster" => throw new OrleansException("secret"),
        "database" => throw new NpgsqlException("secret", new IOException("secret")),
        _ => throw new InvalidOperationException("secret"),
    };
}
