using Campaigns.Postgres.Campaigns;
using Campaigns.Postgres.Groups;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Contacts;

/// <summary>Snapshot contacts and sessions in PostgreSQL: the gate of a dial, decided changes, what a crash leaves behind.</summary>
public sealed partial class PostgresContactStore : IContactStore, ISessionGates
{
    private readonly NpgsqlDataSource database;
    private readonly FrozenSpecs specs;
    private readonly Grouped<Guid, Guid, ContactRecord?> _loads;
    private readonly Grouped<Guid, ContactChange, bool> _changes;
    private readonly Grouped<Guid, Guid, SessionGate?> _gates;

    /// <summary>Works on a database. News of calls comes in crowds: what arrives at the same time shares statements and commits.</summary>
    /// <param name="database">The database.</param>
    /// <param name="specs">Settings of campaigns.</param>
    public PostgresContactStore(NpgsqlDataSource database, FrozenSpecs specs)
    {
        (this.database, this.specs) = (database, specs);
        _loads = new(GroupsAtOnce, LargestGroup, id => id, LoadAsync);
        _changes = new(GroupsAtOnce, LargestGroup, change => change.ContactId, ApplyAsync);
        _gates = new(GroupsAtOnce, LargestGroup, id => id, FindGatesAsync);
    }

    /// <inheritdoc/>
    public async Task<OpenSessionResult> OpenSessionAsync(OpenSession command, CancellationToken cancellationToken)
    {
        var order = command.Order;
        var spec = await specs.GetAsync(order.CampaignId, cancellationToken);
        await using var gate = database.CreateCommand(Gate);
        gate.Add(order.CampaignId).Add(order.Epoch).Add(order.CampaignContactId).Add(order.TaskId)
            .Add(order.OrganizationId).Add(order.Phone).Add(command.SessionId).Add(order.Attempt)
            .Add(spec.Instructions).Add(command.TokenHash).Add(command.TokenExpiresAt).Add(command.Owner)
            .Add(command.Now).Add(command.SendBefore).Add(command.CheckAt).Add(command.GiveUpAt);
        await using var reader = await gate.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetBoolean(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3)) switch
        {
            (_, _, _, true) => OpenSessionResult.Opened,
            (false, _, _, _) => OpenSessionResult.CampaignStopped,
            (_, false, _, _) => OpenSessionResult.ClaimGone,
            (_, _, true, _) => OpenSessionResult.DoNotCall,
            _ => OpenSessionResult.PersonBusy,
        };
    }
}
