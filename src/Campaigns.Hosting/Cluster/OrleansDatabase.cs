using Npgsql;

namespace Campaigns.Hosting.Cluster;

/// <summary>
/// The connections of Orleans itself, for membership and grain state. They are apart from the host's own: a silo whose campaigns hold every connection
/// must not look dead for want of one.
/// </summary>
/// <param name="source">The pool; disposed with this.</param>
public sealed class OrleansDatabase(NpgsqlDataSource source) : IAsyncDisposable, IDisposable
{
    /// <summary>Name of Npgsql as an ADO.NET provider.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>The pool.</summary>
    public NpgsqlDataSource Source { get; } = source;

    /// <summary>A pool of this size to the database of the connection string.</summary>
    public static OrleansDatabase Open(string connectionString, int maxPoolSize)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.MaxPoolSize = maxPoolSize;
        builder.ConnectionStringBuilder.MinPoolSize = 0;
        builder.ConnectionStringBuilder.MaxAutoPrepare = 20;
        builder.ConnectionStringBuilder.ApplicationName = "campaigns-orleans";
        return new OrleansDatabase(builder.Build());
    }

    /// <inheritdoc/>
    public void Dispose() => Source.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
