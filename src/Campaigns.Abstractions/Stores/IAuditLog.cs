namespace Campaigns.Stores;

/// <summary>Who did what, for the organization's own eyes. Never holds secrets.</summary>
public interface IAuditLog
{
    /// <summary>Writes one entry.</summary>
    /// <param name="entry">What was done.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken);
}

/// <summary>One operator action.</summary>
/// <param name="OrganizationId">Whose.</param>
/// <param name="Actor">The key's name.</param>
/// <param name="Action">What: <c>campaign.start</c>, <c>contact.create</c> …</param>
/// <param name="Entity">On what: <c>campaign</c>, <c>contact</c> …</param>
/// <param name="EntityId">Which.</param>
/// <param name="Detail">Anything else worth keeping, by name.</param>
public sealed record AuditEntry(
    Guid OrganizationId, string Actor, string Action, string Entity, Guid? EntityId, IReadOnlyDictionary<string, string>? Detail = null);
