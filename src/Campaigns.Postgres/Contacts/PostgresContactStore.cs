using System.Collections.Immutable;
using Campaigns.Postgres.Campaigns;
using Campaigns.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Campaigns.Postgres.Contacts;

/// <summary>Snapshot contacts and sessions in PostgreSQL: the gate of a dial, decided changes, what a crash leaves behind.</summary>
public sealed partial class PostgresContactStore(NpgsqlDataSource database, FrozenSpecs specs) : IContactStore, ISessionGates
{
    /// <inheritdoc/>
    public async Task<ContactRecord?> LoadAsync(Guid campaignContactId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Load);
        command.Add(campaignContactId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var spec = await specs.GetAsync(reader.GetGuid(1), cancellationToken);
        return new ContactRecord(
            reader.GetGuid(0),
            reader.GetGuid(1),
            reader.GetGuid(2),
            reader.GetString(3),
            EnumText.Parse<ContactStatus>(reader.GetString(4)),
            reader.GetInt32(5),
            reader.IsDBNull(6) ? null : reader.GetGuid(6),
            reader.GetInt32(7),
            reader.IsDBNull(12) ? null : ReadSession(reader),
            new ContactRules(
                EnumText.Parse<CampaignStatus>(reader.GetString(9)),
                spec.Retry,
                spec.CallingWindow ?? FrozenSpecs.ReadWindow(reader.TextOrNull(11)),
                reader.TextOrNull(8),
                reader.GetString(10)));
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

    /// <inheritdoc/>
    public async Task<bool> ApplyAsync(ContactChange change, CancellationToken cancellationToken)
    {
        var counts = CounterDeltas.Between(change.From, change.To);
        await using var command = database.CreateCommand(Apply);
        command.Add(change.ContactId).Add(change.ExpectedVersion).Add(change.From.ToText()).Add(change.To.ToText())
            .Add(change.AttemptsDelta).AddOrNull(change.DueAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz)
            .AddOrNull(change.Outcome?.ToText(), NpgsqlDbType.Text).AddOrNull(change.Reason, NpgsqlDbType.Text)
            .AddOrNull(change.Disposition, NpgsqlDbType.Text).Add(change.At)
            .AddOrNull(change.Decision?.ToText(), NpgsqlDbType.Text).AddOrNull(change.By, NpgsqlDbType.Text)
            .Add(counts.Pending).Add(counts.InFlight).Add(counts.Completed).Add(counts.NoAnswer).Add(counts.Failed)
            .Add(counts.Skipped).Add(counts.Cancelled);
        var session = change.Session;
        command.AddOrNull(session?.SessionId, NpgsqlDbType.Uuid).AddOrNull(session?.State.ToText(), NpgsqlDbType.Text)
            .AddOrNull(session?.CarrierSid, NpgsqlDbType.Text).AddOrNull(session?.Outcome?.ToText(), NpgsqlDbType.Text)
            .AddOrNull(session?.AnsweredAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz)
            .AddOrNull(session?.CheckAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz)
            .AddOrNull(session?.GiveUpAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz)
            .AddOrNull(session?.Duration, NpgsqlDbType.Interval).AddOrNull(session?.RecordingUrl, NpgsqlDbType.Text)
            .AddOrNull(session?.Detail, NpgsqlDbType.Text)
            .AddOrNull(session?.CarrierEndedAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz).Add(change.Promised);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <inheritdoc/>
    public async Task<SessionGate?> FindGateAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT campaign_contact_id, token_hash, token_expires_at, media_begun_at IS NOT NULL OR state = 'ENDED'
            FROM sessions WHERE id = $1 AND campaign_contact_id IS NOT NULL
            """);
        command.Add(sessionId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new SessionGate(sessionId, reader.GetGuid(0), reader.GetFieldValue<byte[]>(1), reader.Time(2), reader.GetBoolean(3))
            : null;
    }

    private static SessionRecord ReadSession(NpgsqlDataReader reader) => new(
        reader.GetGuid(12),
        reader.GetInt32(13),
        EnumText.Parse<SessionState>(reader.GetString(14)),
        reader.TextOrNull(15),
        reader.TextOrNull(16) is { } outcome ? EnumText.Parse<CallOutcome>(outcome) : null,
        reader.Time(17),
        reader.TimeOrNull(18),
        reader.Time(19),
        reader.TimeOrNull(20) is { } until ? ReadConversation(reader, until) : null,
        reader.TimeOrNull(25));

    private static ConversationRecord ReadConversation(NpgsqlDataReader reader, DateTimeOffset until) => new(
        until,
        reader.TextOrNull(21) is { } outcome ? EnumText.Parse<CallOutcome>(outcome) : null,
        reader.TextOrNull(22),
        reader.TextOrNull(23),
        reader.TimeOrNull(24));
}
