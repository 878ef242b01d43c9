namespace Campaigns.Stores;

/// <summary>What is remembered about people.</summary>
public interface IMemoryStore
{
    /// <summary>Facts about a person, oldest first, or null when this organization has no such contact.</summary>
    /// <param name="organizationId">Whose.</param>
    /// <param name="contactId">The person.</param>
    /// <param name="superseded">Also those that do not hold any more.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<Page<FactDetails>?> ListAsync(
        Guid organizationId, Guid contactId, bool superseded, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Forgets a fact, and what it superseded: nothing older comes back in its place.</summary>
    /// <returns>False when this person has no such fact.</returns>
    Task<bool> ForgetAsync(Guid organizationId, Guid contactId, Guid factId, CancellationToken cancellationToken);
}
