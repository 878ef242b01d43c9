using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Campaigns.Hosting.Schema;

/// <summary>
/// Keeps a host from starting over a schema older than its own. It changes nothing: the schema is brought up by the migration command, once for all
/// hosts and with rights that they need not have. Registered before everything that relies on the schema.
/// </summary>
internal sealed class SchemaGate(NpgsqlDataSource database) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        SchemaState state;
        try
        {
            state = await SchemaState.ReadAsync(database, cancellationToken);
        }
        catch (NpgsqlException error)
        {
            throw new HostStartException($"The database (ConnectionStrings:{HostDatabase.ConnectionName}) cannot be asked for its schema: {error.Message}", error);
        }

        if (state.Complaint is { } complaint)
        {
            throw new HostStartException($"{complaint} Bring it up first: Campaigns.Api migrate");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
