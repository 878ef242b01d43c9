using System.Collections.Immutable;
using Campaigns.Stores;

namespace Campaigns.Domain.Import;

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
    public sealed record Good(NewContact Contact) : RowResult;

    /// <summary>It does not.</summary>
    /// <param name="Problems">Everything that is wrong, in the order of the columns.</param>
    public sealed record Bad(ImmutableArray<RowProblem> Problems) : RowResult;
}
