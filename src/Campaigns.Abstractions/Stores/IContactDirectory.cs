using System.Collections.Immutable;

namespace Campaigns.Stores;

/// <summary>The people of an organization. One person is one phone number.</summary>
public interface IContactDirectory
{
    /// <summary>Writes a new contact.</summary>
    /// <returns>The contact, or null when another contact of the organization has this number.</returns>
    Task<ContactDetails?> CreateAsync(Guid organizationId, NewContact contact, CancellationToken cancellationToken);

    /// <summary>The contact, or null when this organization has none of that id.</summary>
    Task<ContactDetails?> GetAsync(Guid organizationId, Guid contactId, CancellationToken cancellationToken);

    /// <summary>In the order they were written.</summary>
    Task<Page<ContactDetails>> ListAsync(Guid organizationId, ContactFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Names of everything that is known of the organization's contacts beside their own columns, as written.</summary>
    Task<IReadOnlySet<string>> ContextFieldsAsync(Guid organizationId, CancellationToken cancellationToken);

    /// <summary>
    /// Opens an import: one transaction into which good rows are streamed. Dispose without <see cref="IContactImport.CommitAsync"/> to change
    /// nothing.
    /// </summary>
    Task<IContactImport> BeginImportAsync(Guid organizationId, CancellationToken cancellationToken);
}

/// <summary>A contact to be written, already validated.</summary>
public sealed record NewContact
{
    /// <summary>The person's name; may be empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>E.164, or null when there is no usable number.</summary>
    public string? Phone { get; init; }

    /// <summary>E-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>The organization's own label.</summary>
    public string? Status { get; init; }

    /// <summary>City.</summary>
    public string? City { get; init; }

    /// <summary>Occupation.</summary>
    public string? Occupation { get; init; }

    /// <summary>Language tag or name.</summary>
    public string? PreferredLanguage { get; init; }

    /// <summary>IANA zone.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What the person agreed to.</summary>
    public ConsentState MarketingConsent { get; init; }

    /// <summary>Anything else known, by name.</summary>
    public IImmutableDictionary<string, string> Context { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>Narrows a list of contacts. Nulls do not narrow; texts compare in any case.</summary>
public sealed record ContactFilter
{
    /// <summary>The organization's own label.</summary>
    public string? Status { get; init; }

    /// <summary>City.</summary>
    public string? City { get; init; }

    /// <summary>Occupation.</summary>
    public string? Occupation { get; init; }

    /// <summary>Language tag or name.</summary>
    public string? PreferredLanguage { get; init; }

    /// <summary>Only those who did (true) or did not (false) grant consent.</summary>
    public bool? MarketingConsent { get; init; }

    /// <summary>Free text within name, phone, e-mail, city, occupation.</summary>
    public string? Search { get; init; }
}

/// <summary>A contact as stored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The person's name; may be empty.</param>
/// <param name="Phone">E.164, if there is a usable number.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="Status">The organization's own label.</param>
/// <param name="City">City.</param>
/// <param name="Occupation">Occupation.</param>
/// <param name="PreferredLanguage">Language tag or name.</param>
/// <param name="TimeZone">IANA zone.</param>
/// <param name="MarketingConsent">What the person agreed to.</param>
/// <param name="DoNotCall">Whether the number is on do-not-call.</param>
/// <param name="Context">Anything else known, by name.</param>
/// <param name="Source">Where it came from: <c>API</c>, <c>IMPORT</c>, <c>PASTED</c>, <c>INBOUND</c>.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
public sealed record ContactDetails(
    Guid Id,
    string Name,
    string? Phone,
    string? Email,
    string? Status,
    string? City,
    string? Occupation,
    string? PreferredLanguage,
    string? TimeZone,
    ConsentState MarketingConsent,
    bool DoNotCall,
    ImmutableDictionary<string, string> Context,
    string Source,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);
