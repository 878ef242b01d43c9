using System.Text.Json;
using Campaigns.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Campaigns.Postgres.Catalog;

/// <summary>
/// An import as one transaction: rows stream by binary COPY into a temporary table, then one statement updates the contacts that are there and one
/// inserts the others.
/// </summary>
internal sealed class ContactImport : IContactImport
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly Guid _organizationId;
    private readonly TimeProvider _clock;
    private NpgsqlBinaryImporter? _copy;
    private int _rows;

    private ContactImport(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid organizationId, TimeProvider clock)
    {
        _connection = connection;
        _transaction = transaction;
        _organizationId = organizationId;
        _clock = clock;
    }

    public async Task WriteAsync(int line, NewContact contact, CancellationToken cancellationToken)
    {
        _copy ??= await _connection.BeginBinaryImportAsync(ContactImportSql.Copy, cancellationToken);
        await _copy.StartRowAsync(cancellationToken);
        await _copy.WriteAsync(line, NpgsqlDbType.Integer, cancellationToken);
        await TextAsync(contact.Name.Length > 0 ? contact.Name : null);
        await TextAsync(contact.Phone);
        await TextAsync(contact.Email);
        await TextAsync(contact.Status);
        await TextAsync(contact.City);
        await TextAsync(contact.Occupation);
        await TextAsync(contact.PreferredLanguage);
        await TextAsync(contact.TimeZone);
        await TextAsync(contact.MarketingConsent.ToText());
        await _copy.WriteAsync(JsonSerializer.Serialize(contact.Context), NpgsqlDbType.Jsonb, cancellationToken);
        _rows++;

        Task TextAsync(string? value)
            => value is null ? _copy.WriteNullAsync(cancellationToken) : _copy.WriteAsync(value, NpgsqlDbType.Text, cancellationToken);
    }

    public async Task<ImportRecord> CommitAsync(ImportSummary summary, CancellationToken cancellationToken)
    {
        if (_copy is not null)
        {
            await _copy.CompleteAsync(cancellationToken);
            await _copy.DisposeAsync();
            _copy = null;
        }

        var now = _clock.GetUtcNow();
        await RunAsync(ContactImportSql.Lock, now, cancellationToken);
        var updated = await RunAsync(ContactImportSql.Update, now, cancellationToken);
        var created = await RunAsync(ContactImportSql.Insert, now, cancellationToken);
        var record = new ImportRecord(
            Guid.CreateVersion7(now),
            summary.FileName,
            summary.Mode,
            summary.RowsRead,
            _rows,
            summary.RowsRejected,
            created,
            updated,
            summary.Errors,
            now);
        await ImportStore.InsertAsync(_connection, _transaction, _organizationId, record, cancellationToken);
        await _transaction.CommitAsync(cancellationToken);
        return record;
    }

    public async ValueTask DisposeAsync()
    {
        if (_copy is not null)
        {
            await _copy.DisposeAsync();
        }

        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    internal static async Task<ContactImport> BeginAsync(
        NpgsqlDataSource database, Guid organizationId, TimeProvider clock, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var create = new NpgsqlCommand(ContactImportSql.CreateTable, connection, transaction);
            await create.ExecuteNonQueryAsync(cancellationToken);
            return new ContactImport(connection, transaction, organizationId, clock);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<int> RunAsync(string sql, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection, _transaction);
        command.Uuid("organization", _organizationId).At("now", now);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
