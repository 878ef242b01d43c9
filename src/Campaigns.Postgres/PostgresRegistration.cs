using Campaigns.Carrier;
using Campaigns.LiveModel;
using Campaigns.Postgres.Calls;
using Campaigns.Postgres.Campaigns;
using Campaigns.Postgres.Carrier;
using Campaigns.Postgres.Contacts;
using Campaigns.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Campaigns.Postgres;

/// <summary>Registers PostgreSQL as the store of everything.</summary>
public static class PostgresRegistration
{
    /// <summary>
    /// How long a transaction may wait for its own host before PostgreSQL ends it: 5 s. A claim holds the rows of its account, organization and campaign. A
    /// process that stands still in the middle of one, or a machine that vanishes, would keep every other silo from dialling until TCP misses it, which
    /// takes hours. Shorter than a lease, so that whoever takes over finds the rows free; longer than any pause that is no fault.
    /// </summary>
    public static TimeSpan LongestIdleTransaction { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Adds the data source and every store port. One pool serves a host; its size is the connection string's <c>Maximum Pool Size</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="connectionString">Npgsql connection string.</param>
    /// <param name="carrierAccountId">The carrier account whose permits this host takes part in.</param>
    public static IServiceCollection AddCampaignsPostgres(
        this IServiceCollection services, string connectionString, Func<IServiceProvider, string> carrierAccountId)
    {
        services.AddSingleton(provider => CreateDataSource(connectionString, provider.GetService<ILoggerFactory>()));
        services.AddSingleton<FrozenSpecs>();
        services.AddSingleton<ICampaignStore, PostgresCampaignStore>();
        services.AddSingleton<ILeaseNews, PostgresLeaseNews>();
        services.AddSingleton<PostgresContactStore>();
        services.AddSingleton<IContactStore>(provider => provider.GetRequiredService<PostgresContactStore>());
        services.AddSingleton<ISessionGates>(provider => provider.GetRequiredService<PostgresContactStore>());
        services.AddSingleton<PostgresCallStore>();
        services.AddSingleton<ICallStore>(provider => provider.GetRequiredService<PostgresCallStore>());
        services.AddSingleton<IInboundGates>(provider => provider.GetRequiredService<PostgresCallStore>());
        services.AddSingleton<IRingingCalls>(provider => provider.GetRequiredService<PostgresCallStore>());
        services.AddSingleton<IExtractionQueue, PostgresExtractionQueue>();
        services.AddSingleton<IPermitLedger, PostgresPermitLedger>();
        services.AddSingleton<ILiveModelLimits>(provider => new PostgresModelLimits(
            provider.GetRequiredService<NpgsqlDataSource>(), carrierAccountId(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ICarrierPermits>(provider => new PostgresCarrierPermits(
            provider.GetRequiredService<NpgsqlDataSource>(), carrierAccountId(provider), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>A data source that prepares what it runs often: the claim and the settlement are the same few statements all day.</summary>
    public static NpgsqlDataSource CreateDataSource(string connectionString, ILoggerFactory? loggers = null)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.MaxAutoPrepare = 60;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 3;

        // Nothing here changes a session beyond its transaction, and an open transaction is rolled back all the same: the seven statements
        // that would clean a connection at each reuse are for nothing.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        builder.ConnectionStringBuilder.ApplicationName ??= "campaigns";

        // By a statement and not by a start-up parameter, which poolers refuse.
        var limit = $"SET idle_in_transaction_session_timeout = {LongestIdleTransaction.TotalMilliseconds:0}";
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(limit, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(limit, connection);
                await command.ExecuteNonQueryAsync();
            });
        if (loggers is not null)
        {
            builder.UseLoggerFactory(loggers);
        }

        return builder.Build();
    }
}
