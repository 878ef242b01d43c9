using System.Collections.Immutable;
using System.Text.Json;
using Campaigns.Calls;
using Campaigns.Postgres.Campaigns;
using Campaigns.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Campaigns.Postgres.Calls;

/// <summary>Conversations in PostgreSQL. Lock order: campaign, snapshot contact, session.</summary>
public sealed partial class PostgresCallStore(NpgsqlDataSource database, FrozenSpecs specs) : ICallStore, IInboundGates, IRingingCalls
{
    private static readonly string Disposition = Note("disposition = $2, disposition_notes = $3, disposition_fields = $4");

    private static readonly string Callback = Note(
        "callback_at = CASE WHEN NOT opted_out THEN $2 END, callback_spoken = CASE WHEN NOT opted_out AND $2 IS NOT NULL THEN $3 END");

    private static readonly string Handoff = Note("handoff_reason = $2");

    /// <inheritdoc/>
    public async Task<BeginResult> BeginAsync(BeginConversation command, CancellationToken cancellationToken)
    {
        await using var begin = database.CreateCommand(Begin);
        begin.Add(command.SessionId).Add(command.Owner).Add(command.Now.ToUniversalTime()).Add(command.Until.ToUniversalTime())
            .Add(command.CarrierSid).Add(command.StreamSid)
            .AddOrNull(command.GiveUpAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        try
        {
            await using var reader = await begin.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
            {
                return BeginResult.NotFound;
            }

            return reader.GetBoolean(0) ? BeginResult.Begun
                : string.Equals(reader.GetString(1), SessionState.Ended.ToText(), StringComparison.Ordinal) ? BeginResult.Over
                : reader.GetBoolean(2) ? BeginResult.AlreadyBegun
                : BeginResult.AnotherCall;
        }
        catch (PostgresException error) when (error is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "sessions_carrier_sid" })
        {
            // Another session has this carrier id.
            return BeginResult.AnotherCall;
        }
    }

    /// <inheritdoc/>
    public async Task RenewAsync(
        string owner, IReadOnlyCollection<Guid> sessions, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (sessions.Count == 0)
        {
            return;
        }

        await using var command = database.CreateCommand(Renew);
        command.Add(sessions.ToArray()).Add(owner).Add(until.ToUniversalTime());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task AddTurnAsync(Guid sessionId, CallTurn turn, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(AddTurn);
        command.Add(sessionId).Add(turn.Position).Add(turn.Speaker.ToText()).Add(StorableText.Clean(turn.Text))
            .Add(turn.StartedAt.ToUniversalTime()).Add(turn.EndedAt.ToUniversalTime()).Add(turn.Interrupted)
            .Add(StorableText.Clean(turn.HeardText)).Add(Math.Max(0, turn.SpokenMilliseconds)).Add(Math.Max(0, turn.HeardMilliseconds));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RecordDispositionAsync(
        Guid sessionId, string? code, string? notes, ImmutableDictionary<string, string> fields, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var clean = fields.ToDictionary(f => StorableText.Clean(f.Key), f => StorableText.Clean(f.Value), StringComparer.Ordinal);
        await using var command = database.CreateCommand(Disposition);
        command.Add(sessionId).AddOrNull(StorableText.CleanOrNull(code), NpgsqlDbType.Text)
            .AddOrNull(StorableText.CleanOrNull(notes), NpgsqlDbType.Text).AddOrNull(JsonSerializer.Serialize(clean), NpgsqlDbType.Jsonb);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RecordCallbackAsync(
        Guid sessionId, DateTimeOffset? at, string spoken, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Callback);
        command.Add(sessionId).AddOrNull(at?.ToUniversalTime(), NpgsqlDbType.TimestampTz).Add(StorableText.Clean(spoken));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RecordHandoffAsync(Guid sessionId, string reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Handoff);
        command.Add(sessionId).Add(StorableText.Clean(reason));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task MarkDoNotCallAsync(Guid sessionId, string reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(MarkDoNotCall);
        command.Add(sessionId).Add(StorableText.Clean(reason)).Add(now.ToUniversalTime());
        if (!(bool)(await command.ExecuteScalarAsync(cancellationToken))!)
        {
            throw new InvalidOperationException($"There is no session {sessionId}: nobody was put on do-not-call.");
        }
    }

    /// <inheritdoc/>
    public async Task<bool> ConcludeAsync(ConversationConclusion conclusion, CancellationToken cancellationToken)
    {
        var end = conclusion.End;
        await using var command = database.CreateCommand(Conclude);
        command.Add(conclusion.SessionId).Add(conclusion.Owner).Add(conclusion.At.ToUniversalTime()).Add(conclusion.Outcome.ToText())
            .Add(end.Kind.ToText()).AddOrNull(StorableText.CleanOrNull(end.Detail), NpgsqlDbType.Text)
            .AddOrNull(end.Machine?.ToText(), NpgsqlDbType.Text).Add(end.MessageLeft)
            .AddOrNull(StorableText.CleanOrNull(end.RecordingFile), NpgsqlDbType.Text)
            .AddOrNull(end.FirstAudio is { } first ? (int)Math.Clamp(first.TotalMilliseconds, 0, int.MaxValue) : null, NpgsqlDbType.Integer)
            .Add(end.Underruns).AddOrNull(UsageJson.Write(end.Usage), NpgsqlDbType.Jsonb).Add(Math.Max(0, conclusion.CostMicroDollars))
            .Add(end.Duration);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
