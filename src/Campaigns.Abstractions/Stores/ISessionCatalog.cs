using Campaigns.Calls;

namespace Campaigns.Stores;

/// <summary>Calls as operators see them. What is another organization's is not there.</summary>
public interface ISessionCatalog
{
    /// <summary>The call, or null when this organization has none of that id.</summary>
    Task<SessionDetails?> GetAsync(Guid organizationId, Guid sessionId, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<Page<SessionDetails>> ListAsync(Guid organizationId, SessionFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>What was said, in order, or null when this organization has no such call.</summary>
    Task<Page<TurnDetails>?> ListTurnsAsync(Guid organizationId, Guid sessionId, PageRequest page, CancellationToken cancellationToken);

    /// <summary>What it came to, or null when it has not been distilled (yet).</summary>
    Task<DigestDetails?> GetDigestAsync(Guid organizationId, Guid sessionId, CancellationToken cancellationToken);

    /// <summary>Name of the recording in the recordings folder, or null when there is none.</summary>
    Task<string?> FindRecordingAsync(Guid organizationId, Guid sessionId, CancellationToken cancellationToken);
}

/// <summary>Narrows a list of calls; nulls do not.</summary>
/// <param name="CampaignId">Only those of this campaign.</param>
/// <param name="Direction">Only those that we made, or that came in.</param>
/// <param name="Outcome">Only those that ended so.</param>
public sealed record SessionFilter(Guid? CampaignId = null, CallDirection? Direction = null, CallOutcome? Outcome = null);
