namespace Campaigns.Stores;

/// <summary>Campaigns as operators see them: drafts are written here, everything else is read. Commands go to the campaign's grain.</summary>
public interface ICampaignCatalog
{
    /// <summary>Writes a draft.</summary>
    /// <returns>The campaign, or null when the organization has no such agent.</returns>
    Task<CampaignDetails?> CreateAsync(Guid organizationId, CampaignSpec spec, CancellationToken cancellationToken);

    /// <summary>The campaign, or null when this organization has none of that id.</summary>
    Task<CampaignDetails?> GetAsync(Guid organizationId, Guid campaignId, CancellationToken cancellationToken);

    /// <summary>Newest first, of one status or all; without the audience's lists of ids and numbers, which <see cref="GetAsync"/> gives.</summary>
    Task<Page<CampaignDetails>> ListAsync(Guid organizationId, CampaignStatus? status, PageRequest page, CancellationToken cancellationToken);

    /// <summary>The campaign at this moment, or null when this organization has none of that id.</summary>
    Task<CampaignOverview?> GetOverviewAsync(Guid organizationId, Guid campaignId, CancellationToken cancellationToken);

    /// <summary>The snapshot in order, of one status or all, or null when this organization has no such campaign.</summary>
    /// <param name="organizationId">Whose.</param>
    /// <param name="campaignId">Which campaign.</param>
    /// <param name="status">Only these; null for all.</param>
    /// <param name="search">Text within name or phone; null for all.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<Page<CampaignContactDetails>?> ListContactsAsync(
        Guid organizationId, Guid campaignId, ContactStatus? status, string? search, PageRequest page, CancellationToken cancellationToken);

    /// <summary>One row of the snapshot, or null when this organization's campaign has none of that id.</summary>
    Task<CampaignContactDetails?> GetContactAsync(
        Guid organizationId, Guid campaignId, Guid campaignContactId, CancellationToken cancellationToken);

    /// <summary>Why the contact was called, skipped or deferred, oldest first. Empty when it is not this organization's.</summary>
    Task<Page<DecisionDetails>> ListDecisionsAsync(
        Guid organizationId, Guid campaignId, Guid campaignContactId, PageRequest page, CancellationToken cancellationToken);

    /// <summary>The contact's calls in this campaign, oldest first. Empty when it is not this organization's.</summary>
    Task<Page<SessionDetails>> ListSessionsAsync(
        Guid organizationId, Guid campaignId, Guid campaignContactId, PageRequest page, CancellationToken cancellationToken);
}
