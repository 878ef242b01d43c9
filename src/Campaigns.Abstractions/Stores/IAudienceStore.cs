using System.Collections.Immutable;

namespace Campaigns.Stores;

/// <summary>Looks at an audience before it is frozen.</summary>
public interface IAudienceStore
{
    /// <summary>Counts and samples the audience, and tells who would be skipped and why. Changes nothing.</summary>
    /// <param name="organization">Whose.</param>
    /// <param name="audience">Who is meant.</param>
    /// <param name="requiresConsent">Whether the campaign calls only those who granted consent.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<AudiencePreview> PreviewAsync(
        OrganizationRecord organization, AudienceSpec audience, bool requiresConsent, CancellationToken cancellationToken);

    /// <summary>Those of the ids that are no contacts of this organization.</summary>
    Task<ImmutableArray<Guid>> FindUnknownAsync(Guid organizationId, ImmutableArray<Guid> contactIds, CancellationToken cancellationToken);
}

/// <summary>An audience at this moment.</summary>
/// <param name="Count">People meant, those to be skipped included.</param>
/// <param name="Callable">People who would be called.</param>
/// <param name="Skipped">
/// People who would not, by their first reason in this order: <c>no_phone</c>, <c>duplicate_phone</c>, <c>do_not_call</c>, <c>no_consent</c>,
/// <c>invalid_time_zone</c>. Reasons without anybody are absent.
/// </param>
/// <param name="Sample">The first ten who would be called.</param>
/// <param name="UnknownContactIds">Ids that are no contacts of the organization.</param>
/// <param name="RejectedNumbers">Pasted texts that are not clearly one number.</param>
public sealed record AudiencePreview(
    int Count,
    int Callable,
    ImmutableSortedDictionary<string, int> Skipped,
    ImmutableArray<AudienceMember> Sample,
    int UnknownContactIds,
    ImmutableArray<RejectedNumber> RejectedNumbers);

/// <summary>One person of an audience.</summary>
/// <param name="ContactId">The contact; null for a pasted number that no contact has yet.</param>
/// <param name="Name">May be empty.</param>
/// <param name="Phone">E.164.</param>
/// <param name="City">City.</param>
public sealed record AudienceMember(Guid? ContactId, string Name, string Phone, string? City);

/// <summary>A pasted text that will not be dialled.</summary>
/// <param name="Position">Its place in the list, from 0.</param>
/// <param name="Reason">Why.</param>
public sealed record RejectedNumber(int Position, string Reason);
