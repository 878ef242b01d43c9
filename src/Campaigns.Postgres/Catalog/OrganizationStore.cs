using System.Text.Json;
using Campaigns.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Campaigns.Postgres.Catalog;

/// <summary>Organizations and API keys in PostgreSQL.</summary>
internal sealed class OrganizationStore(NpgsqlDataSource database, TimeProvider clock) : IOrganizationStore
{
    private const string Columns = "o.id, o.slug, o.name, o.time_zone, o.default_region, o.max_concurrent";

    public async Task<ApiKeyRecord?> FindKeyAsync(ReadOnlyMemory<byte> keyHash, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            SELECT {Columns}, k.id, k.name, k.role, k.key_hash
            FROM api_keys k JOIN organizations o ON o.id = k.organization_id
            WHERE k.key_hash = @hash AND k.revoked_at IS NULL
            """);
        command.Add("hash", NpgsqlDbType.Bytea, keyHash.ToArray());
        return await command.SingleAsync(
            row => new ApiKeyRecord(
                row.GetGuid(6), row.GetString(7), EnumText.Parse<ApiRole>(row.GetString(8)), row.GetFieldValue<byte[]>(9), Read(row)),
            cancellationToken);
    }

    public async Task<OrganizationRecord?> GetAsync(Guid organizationId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM organizations o WHERE o.id = @organization");
        command.Uuid("organization", organizationId);
        return await command.SingleAsync(Read, cancellationToken);
    }

    public async Task<OrganizationRecord> EnsureAsync(OrganizationSeed seed, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var ensure = new NpgsqlCommand(
            """
            INSERT INTO carrier_accounts (id, calls_per_minute, max_concurrent, inbound_reserve)
            VALUES (@account, @calls_per_minute, @account_max_concurrent, @account_inbound_reserve) ON CONFLICT (id) DO NOTHING;
            INSERT INTO organizations
              (id, slug, name, time_zone, calling_window, default_region, max_concurrent, inbound_reserve, weight, carrier_account_id, created_at)
            VALUES (@id, @slug, @name, @time_zone, @window, @region, @max_concurrent, @inbound_reserve, @weight, @account, @now)
            ON CONFLICT (slug) DO NOTHING;
            """,
            connection,
            transaction);
        ensure.Text("account", seed.CarrierAccountId)
            .Add("calls_per_minute", NpgsqlDbType.Integer, seed.CarrierCallsPerMinute)
            .Add("account_max_concurrent", NpgsqlDbType.Integer, seed.CarrierMaxConcurrent)
            .Add("account_inbound_reserve", NpgsqlDbType.Integer, seed.CarrierInboundReserve)
            .Add("inbound_reserve", NpgsqlDbType.Integer, seed.InboundReserve)
            .Add("weight", NpgsqlDbType.Integer, seed.Weight)
            .Uuid("id", Guid.CreateVersion7(now))
            .Text("slug", seed.Slug)
            .Text("name", seed.Name.Length > 0 ? seed.Name : seed.Slug)
            .Text("time_zone", seed.TimeZone)
            .Jsonb("window", seed.CallingWindow is null ? null : JsonSerializer.Serialize(seed.CallingWindow, CampaignSpecJson.Options))
            .Text("region", seed.DefaultRegion)
            .Add("max_concurrent", NpgsqlDbType.Integer, seed.MaxConcurrent)
            .At("now", now);
        await ensure.ExecuteNonQueryAsync(cancellationToken);

        await using var find = new NpgsqlCommand($"SELECT {Columns} FROM organizations o WHERE o.slug = @slug", connection, transaction);
        find.Text("slug", seed.Slug);
        var organization = (await find.SingleAsync(Read, cancellationToken))!;
        if (seed.ApiKey is { } key)
        {
            await EnsureKeyAsync(connection, transaction, organization.Id, key, seed, now, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return organization;
    }

    private static async Task EnsureKeyAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        Guid organizationId,
        string key,
        OrganizationSeed seed,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (!ApiKeyText.IsWellFormed(key))
        {
            throw new ArgumentException("An API key reads ck_prefix_secret: a prefix of 1–16 letters or digits, a secret of at least 16.", nameof(key));
        }

        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO api_keys (id, organization_id, name, prefix, key_hash, role, created_at)
            VALUES (@id, @organization, @name, @prefix, @hash, @role, @now) ON CONFLICT (key_hash) DO NOTHING
            """,
            connection,
            transaction);
        insert.Uuid("id", Guid.CreateVersion7(now))
            .Uuid("organization", organizationId)
            .Text("name", seed.KeyName)
            .Text("prefix", ApiKeyText.PrefixOf(key))
            .Add("hash", NpgsqlDbType.Bytea, ApiKeyText.Hash(key))
            .Text("role", seed.Role.ToText())
            .At("now", now);
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private static OrganizationRecord Read(NpgsqlDataReader row)
        => new(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt32(5));
}
