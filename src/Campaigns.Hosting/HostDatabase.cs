using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Campaigns.Hosting;

/// <summary>The database of a host, and how many connections it may take.</summary>
public static class HostDatabase
{
    /// <summary>Name of the connection string.</summary>
    public const string ConnectionName = "Campaigns";

    /// <summary>
    /// Connections of a silo in a cluster, unless its connection string sets <c>Maximum Pool Size</c>. With those of Orleans
    /// (<see cref="Cluster.CampaignClusterOptions.MaxPoolSize"/>) a silo takes 28 and an API 14 at most: PostgreSQL's <c>max_connections</c> of 100 is
    /// enough for two silos and two APIs beside a reserve, five silos and two APIs need 200.
    /// </summary>
    public const int SiloPoolSize = 24;

    /// <summary>The same for an API that is a client of the cluster; of Orleans' own it keeps <see cref="ClientMembershipPoolSize"/>.</summary>
    public const int ApiPoolSize = 12;

    /// <summary>Connections of an API for the list of silos.</summary>
    public const int ClientMembershipPoolSize = 2;

    /// <summary>The connection string of the configuration.</summary>
    /// <exception cref="HostStartException">It is missing or cannot be read.</exception>
    public static string ConnectionString(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var text = configuration.GetConnectionString(ConnectionName);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new HostStartException($"ConnectionStrings:{ConnectionName} is not set: the PostgreSQL database of the campaigns.");
        }

        try
        {
            return new NpgsqlConnectionStringBuilder(text).ConnectionString;
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // Not the text itself: it holds a password.
            throw new HostStartException($"ConnectionStrings:{ConnectionName} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The connection string with this pool size, unless it sets one itself.</summary>
    public static string WithPoolSize(string connectionString, int size)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!new DbConnectionStringBuilder { ConnectionString = builder.ConnectionString }.ContainsKey("Maximum Pool Size"))
        {
            builder.MaxPoolSize = size;
        }

        return builder.ConnectionString;
    }
}
