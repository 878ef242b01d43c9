using System.Collections.Immutable;

namespace Campaigns.Domain.Import;

/// <summary>A contact as a row describes it.</summary>
public sealed record ImportedContact
{
    /// <summary>The name; empty when the row has none.</summary>
    public string Name { get; init; } = "";

    /// <summary>E.164; null when the row has no number.</summary>
    public string? Phone { get; init; }

    /// <summary>E-mail address, or null.</summary>
    public string? Email { get; init; }

    /// <summary>Status label, or null.</summary>
    public string? Status { get; init; }

    /// <summary>City, or null.</summary>
    public string? City { get; init; }

    /// <summary>Occupation, or null.</summary>
    public string? Occupation { get; init; }

    /// <summary>Language as written, or null.</summary>
    public string? PreferredLanguage { get; init; }

    /// <summary>IANA name of a zone that exists, or null.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Consent; unknown unless the row says it in a word that is known.</summary>
    public ConsentState Consent { get; init; }

    /// <summary>Every other column that is not blank, by its header text.</summary>
    public ImmutableSortedDictionary<string, string> Context { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>One thing wrong with a row or a header.</summary>
/// <param name="Column">The column's header text; empty when the whole row is meant.</param>
/// <param name="Number">The column's number, from 1; 0 when the whole row is meant.</param>
/// <param name="Reason">What, for people, without the cell's content.</param>
public sealed record RowProblem(string Column, int Number, string Reason);

/// <summary>What became of a header row.</summary>
public abstract record MappingResult
{
    private MappingResult()
    {
    }

    /// <summary>Every column has its place.</summary>
    /// <param name="Mapping">The places.</param>
    public sealed record Good(ColumnMapping Mapping) : MappingResult;

    /// <summary>The file cannot be imported like this.</summary>
    /// <param name="Problems">Everything that is wrong.</param>
    public sealed record Bad(ImmutableArray<RowProblem> Problems) : MappingResult;
}

/// <summary>What became of a row.</summary>
public abstract record RowResult
{
    private RowResult()
    {
    }

    /// <summary>It describes a contact.</summary>
    /// <param name="Contact">The contact.</param>
    public sealed record Good(ImportedContact Contact) : RowResult;

    /// <summary>It does not.</summary>
    /// <param name="Problems">Everything that is wrong, in the order of the columns.</param>
    public sealed record Bad(ImmutableArray<RowProblem> Problems) : RowResult;
}
