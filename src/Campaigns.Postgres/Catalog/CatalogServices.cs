using Campaigns.Postgres.Audience;
using Campaigns.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Campaigns.Postgres.Catalog;

/// <summary>Registers what the API reads and writes.</summary>
public static class CatalogServices
{
    /// <summary>
    /// Adds organizations, agents, contacts, do-not-call, audiences, the campaign catalog and the audit log, over the <c>NpgsqlDataSource</c> and
    /// <see cref="TimeProvider"/> of the host.
    /// </summary>
    public static IServiceCollection AddPostgresCatalog(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IOrganizationStore, OrganizationStore>();
        services.TryAddSingleton<IAgentStore, AgentStore>();
        services.TryAddSingleton<IContactDirectory, ContactDirectory>();
        services.TryAddSingleton<IDoNotCallStore, DoNotCallStore>();
        services.TryAddSingleton<ICampaignCatalog, CampaignCatalog>();
        services.TryAddSingleton<IAudienceStore, AudienceStore>();
        services.TryAddSingleton<IAuditLog, AuditLog>();
        return services;
    }
}
