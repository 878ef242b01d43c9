using Campaigns.Postgres.Audience;
using Campaigns.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Campaigns.Postgres.Catalog;

/// <summary>Registers what the API reads and writes.</summary>
public static class CatalogServices
{
    /// <summary>
    /// Adds organizations, agents, contacts with what is remembered of them, do-not-call, audiences, the catalogs of campaigns and calls, and the
    /// audit log, over the <c>NpgsqlDataSource</c> and <see cref="TimeProvider"/> of the host.
    /// </summary>
    public static IServiceCollection AddPostgresCatalog(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IOrganizationStore, OrganizationStore>();
        services.TryAddSingleton<IAgentStore, AgentStore>();
        services.TryAddSingleton<IContactDirectory, ContactDirectory>();
        services.TryAddSingleton<IDoNotCallStore, DoNotCallStore>();
        services.TryAddSingleton<ICampaignCatalog, CampaignCatalog>();
        services.TryAddSingleton<ISessionCatalog, SessionCatalog>();
        services.TryAddSingleton<IMemoryStore, MemoryStore>();
        services.TryAddSingleton<IAudienceStore, AudienceStore>();
        services.TryAddSingleton<IAuditLog, AuditLog>();
        return services;
    }
}
