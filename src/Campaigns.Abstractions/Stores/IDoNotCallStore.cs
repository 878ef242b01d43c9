namespace Campaigns.Stores;

/// <summary>Numbers that nobody of the organization may call, whatever a campaign says.</summary>
public interface IDoNotCallStore
{
    /// <summary>Adds a number; one that is already there keeps its first reason.</summary>
    Task<DoNotCallEntry> AddAsync(Guid organizationId, string phone, string reason, string source, CancellationToken cancellationToken);

    /// <summary>By number.</summary>
    Task<Page<DoNotCallEntry>> ListAsync(Guid organizationId, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Takes a number off.</summary>
    /// <returns>False when it was not there.</returns>
    Task<bool> RemoveAsync(Guid organizationId, string phone, CancellationToken cancellationToken);
}

/// <summary>A number that is not called.</summary>
/// <param name="Phone">E.164.</param>
/// <param name="Reason">Why; may be empty.</param>
/// <param name="Source">Who said so: <c>API</c>, <c>CALL</c>.</param>
/// <param name="CreatedAt">Since when.</param>
public sealed record DoNotCallEntry(string Phone, string Reason, string Source, DateTimeOffset CreatedAt);
