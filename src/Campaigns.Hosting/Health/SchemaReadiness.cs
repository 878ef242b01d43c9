using Campaigns.Hosting.Schema;
using Npgsql;

namespace Campaigns.Hosting.Health;

/// <summary>The database is reachable and has this build's schema, or a newer one.</summary>
internal sealed class SchemaReadiness(NpgsqlDataSource database) : IReadiness
{
    public string Name => "database";

    public async ValueTask<string?> ComplaintAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await SchemaState.ReadAsync(database, cancellationToken)).Complaint;
        }
        catch (NpgsqlException)
        {
            return "The database cannot be reached.";
        }
    }
}
