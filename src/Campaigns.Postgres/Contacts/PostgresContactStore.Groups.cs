using Campaigns.Postgres.Campaigns;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Contacts;

public sealed partial class PostgresContactStore
{
    // One group waits for the disk while the other is at work; more would only make the groups smaller.
    private const int GroupsAtOnce = 2;

    // A group is as large as what came during the two before it. The bound keeps a flood from making one statement of it.
    private const int LargestGroup = 128;

    /// <inheritdoc/>
    public Task<ContactRecord?> LoadAsync(Guid campaignContactId, CancellationToken cancellationToken)
        => _loads.RunAsync(campaignContactId, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ApplyAsync(ContactChange change, CancellationToken cancellationToken) => _changes.RunAsync(change, cancellationToken);

    /// <inheritdoc/>
    public Task<SessionGate?> FindGateAsync(Guid sessionId, CancellationToken cancellationToken) => _gates.RunAsync(sessionId, cancellationToken);

    private async Task<IReadOnlyList<ContactRecord?>> LoadAsync(IReadOnlyList<Guid> ids)
    {
        var found = new Dictionary<Guid, ContactRecord>(ids.Count);
        await using var command = database.CreateCommand(Load);
        command.Add(ids.ToArray());
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            found[reader.GetGuid(0)] = ReadContact(reader, await specs.GetAsync(reader.GetGuid(1), CancellationToken.None));
        }

        return [.. ids.Select(id => found.GetValueOrDefault(id))];
    }

    private async Task<IReadOnlyList<bool>> ApplyAsync(IReadOnlyList<ContactChange> changes)
    {
        T[] All<T>(Func<ContactChange, T> value) => [.. changes.Select(value)];
        T[] Session<T>(Func<SessionChange, T> value) => [.. changes.Select(change => change.Session is { } session ? value(session) : default!)];

        await using var command = database.CreateCommand(Apply);
        command.Add(All(c => c.ContactId)).Add(All(c => c.ExpectedVersion)).Add(All(c => c.From.ToText())).Add(All(c => c.To.ToText()))
            .Add(All(c => c.AttemptsDelta)).Add(All(c => c.DueAt?.ToUniversalTime())).Add(All(c => c.Outcome?.ToText())).Add(All(c => c.Reason))
            .Add(All(c => c.Disposition)).Add(All(c => c.At.ToUniversalTime())).Add(All(c => c.Decision?.ToText())).Add(All(c => c.By))
            .Add(All(c => c.Promised)).Add(All(c => c.Session?.SessionId)).Add(Session(s => s.State.ToText())).Add(Session(s => s.CarrierSid))
            .Add(Session(s => s.Outcome?.ToText())).Add(Session(s => s.AnsweredAt?.ToUniversalTime())).Add(Session(s => s.CheckAt?.ToUniversalTime()))
            .Add(Session(s => s.GiveUpAt?.ToUniversalTime())).Add(Session(s => s.Duration)).Add(Session(s => s.RecordingUrl))
            .Add(Session(s => s.Detail)).Add(Session(s => s.CarrierEndedAt?.ToUniversalTime()));
        var written = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            written.Add(reader.GetGuid(0));
        }

        return [.. changes.Select(change => written.Contains(change.ContactId))];
    }

    private async Task<IReadOnlyList<SessionGate?>> FindGatesAsync(IReadOnlyList<Guid> ids)
    {
        var found = new Dictionary<Guid, SessionGate>(ids.Count);
        await using var command = database.CreateCommand(
            """
            SELECT id, campaign_contact_id, token_hash, token_expires_at, media_begun_at IS NOT NULL OR state = 'ENDED'
            FROM sessions WHERE id = ANY ((SELECT $1)::uuid[]) AND campaign_contact_id IS NOT NULL
            """);
        command.Add(ids.ToArray());
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var id = reader.GetGuid(0);
            found[id] = new SessionGate(id, reader.GetGuid(1), reader.GetFieldValue<byte[]>(2), reader.Time(3), reader.GetBoolean(4));
        }

        return [.. ids.Select(id => found.GetValueOrDefault(id))];
    }

    private static ContactRecord ReadContact(NpgsqlDataReader reader, CampaignSpec spec) => new(
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
