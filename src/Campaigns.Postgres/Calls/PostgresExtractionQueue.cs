using System.Collections.Immutable;
using Campaigns.Calls;
using Campaigns.LiveModel;
using Campaigns.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Campaigns.Postgres.Calls;

/// <summary>Conversations waiting to be distilled, in PostgreSQL.</summary>
public sealed partial class PostgresExtractionQueue(NpgsqlDataSource database) : IExtractionQueue
{
    /// <inheritdoc/>
    public async Task<ImmutableArray<ExtractionJob>> TakeAsync(
        int limit, DateTimeOffset now, TimeSpan hold, CancellationToken cancellationToken)
    {
        var taken = new List<TakenRow>();
        await using (var take = database.CreateCommand(Take))
        {
            take.Add(now.ToUniversalTime()).Add(hold).Add(limit);
            await using var reader = await take.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                taken.Add(new TakenRow(
                    reader.GetGuid(0), reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetGuid(2), reader.GetInt32(3), reader.GetString(4),
                    reader.GetString(5)));
            }
        }

        if (taken.Count == 0)
        {
            return [];
        }

        await using var batch = database.CreateBatch();
        batch.Add(Turns, taken.Select(job => job.SessionId).ToArray());
        batch.Add(FactsOf, taken.Select(job => job.ContactId).OfType<Guid>().ToArray());
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var turns = await GroupAsync(
            rows, row => new ExtractionTurn(row.GetInt32(1), EnumText.Parse<Speaker>(row.GetString(2)), row.GetString(3)), cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        var facts = await GroupAsync(rows, row => FactSql.Read(row, 1), cancellationToken);
        return [.. taken.Select(job => new ExtractionJob(
            job.SessionId,
            job.OrganizationId,
            job.ContactId,
            job.Attempt,
            new ExtractionRequest(
                job.SessionId, job.Language, job.Objective, [.. turns[job.SessionId]],
                [.. facts[job.ContactId ?? Guid.Empty].Select(f => new ExtractedFact(f.Key, f.Value, f.Confidence, f.EvidenceTurn ?? 0, f.ValidUntil))])))];
    }

    /// <inheritdoc/>
    public async Task<bool> CompleteAsync(
        ExtractionJob job, Extraction extraction, Func<ImmutableArray<MemoryFact>, FactChanges> merge, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        now = now.ToUniversalTime();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var finish = new NpgsqlCommand(Finish, connection, transaction);
        finish.Add(job.SessionId).Add(now).Add(StorableText.Clean(extraction.Summary)).Add(StorableText.Clean(extraction.Model))
            .AddOrNull(UsageJson.Write(extraction.Usage), NpgsqlDbType.Jsonb);
        if (!(bool)(await finish.ExecuteScalarAsync(cancellationToken))!)
        {
            return false;
        }

        if (job.ContactId is { } contact)
        {
            var inForce = await LockFactsAsync(connection, contact, cancellationToken);
            var writes = FactWrites.Of(inForce, merge(inForce));
            await WriteFactsAsync(connection, job, contact, writes, now, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public async Task FailAsync(
        ExtractionJob job, string error, DateTimeOffset? nextAt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Fail);
        command.Add(job.SessionId).Add(job.Attempt).Add(StorableText.Clean(error))
            .AddOrNull(nextAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz).Add(now.ToUniversalTime());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The facts in force, which nobody else changes until the transaction ends.</summary>
    private static async Task<ImmutableArray<MemoryFact>> LockFactsAsync(
        NpgsqlConnection connection, Guid contact, CancellationToken cancellationToken)
    {
        // Two statements: the second must see what the last holder of the lock committed.
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT 1 FROM contacts WHERE id = $1 FOR NO KEY UPDATE", contact);
        batch.Add(FactsInForce, contact);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var facts = ImmutableArray.CreateBuilder<MemoryFact>();
        while (await reader.ReadAsync(cancellationToken))
        {
            facts.Add(FactSql.Read(reader));
        }

        return facts.ToImmutable();
    }

    private static async Task WriteFactsAsync(
        NpgsqlConnection connection, ExtractionJob job, Guid contact, FactWrites writes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(WriteFacts, connection);
        command.Add(contact).Add(job.OrganizationId).Add(job.SessionId).Add(now)
            .Add(writes.Added.Select(fact => fact.Id).ToArray())
            .Add(writes.Added.Select(fact => fact.Fact.Key).ToArray())
            .Add(writes.Added.Select(fact => StorableText.Clean(fact.Fact.Value)).ToArray())
            .Add(writes.Added.Select(fact => (float)fact.Fact.Confidence).ToArray())
            .Add(writes.Added.Select(fact => fact.Fact.EvidenceTurn).ToArray())
            .Add(writes.Added.Select(fact => fact.Fact.ValidUntil).ToArray())
            .Add(writes.Superseded.Keys.ToArray()).Add(writes.Superseded.Values.ToArray())
            .Add(writes.Confirmed.Keys.ToArray()).Add(writes.Confirmed.Values.Select(confidence => (float)confidence).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<ILookup<Guid, T>> GroupAsync<T>(
        NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<(Guid Key, T Value)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add((reader.GetGuid(0), read(reader)));
        }

        return rows.ToLookup(row => row.Key, row => row.Value);
    }

    private sealed record TakenRow(Guid SessionId, Guid OrganizationId, Guid? ContactId, int Attempt, string Language, string Objective);
}
