using System.Collections.Immutable;

namespace Campaigns.Stores;

/// <summary>One import under way. Rows are written in file order; nothing is visible to others before the commit.</summary>
public interface IContactImport : IAsyncDisposable
{
    /// <summary>
    /// Adds one good row. A later row with the same phone wins. Fields that are null or empty leave what an existing contact has; a denied
    /// consent is never undone by an import, and a granted one only by a row that says denied.
    /// </summary>
    /// <param name="line">The row's line in the file, 1-based.</param>
    /// <param name="contact">The row; must have a phone.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task WriteAsync(int line, NewContact contact, CancellationToken cancellationToken);

    /// <summary>Writes contacts and the record of the import, and makes them visible.</summary>
    Task<ImportRecord> CommitAsync(ImportSummary summary, CancellationToken cancellationToken);
}

/// <summary>What happens to the good rows of a file that also has broken ones.</summary>
public enum ImportMode
{
    /// <summary>The good rows go in.</summary>
    GoodRows,

    /// <summary>None does.</summary>
    AllOrNothing,
}

/// <summary>A fault in a file.</summary>
/// <param name="Line">Line of the row's start, 1-based; the header is normally line 1.</param>
/// <param name="Column">Column, 1-based; 0 when the row as a whole is at fault.</param>
/// <param name="Header">The column's header, if it has one.</param>
/// <param name="Message">What is wrong, without the value.</param>
public sealed record ImportError(int Line, int Column, string? Header, string Message);

/// <summary>How reading a file went.</summary>
/// <param name="FileName">The file's name; may be empty.</param>
/// <param name="Mode">What happens to the good rows.</param>
/// <param name="RowsRead">Rows below the header.</param>
/// <param name="RowsRejected">Rows with at least one fault.</param>
/// <param name="Errors">The first 1,000 faults.</param>
public sealed record ImportSummary(string FileName, ImportMode Mode, int RowsRead, int RowsRejected, ImmutableArray<ImportError> Errors);

/// <summary>A finished import.</summary>
/// <param name="Id">Its id.</param>
/// <param name="FileName">The file's name; may be empty.</param>
/// <param name="Mode">What happened to the good rows.</param>
/// <param name="RowsRead">Rows below the header.</param>
/// <param name="RowsImported">Good rows, repeats included.</param>
/// <param name="RowsRejected">Rows with at least one fault.</param>
/// <param name="ContactsCreated">New contacts.</param>
/// <param name="ContactsUpdated">Contacts that were there.</param>
/// <param name="Errors">The first 1,000 faults.</param>
/// <param name="CreatedAt">When.</param>
public sealed record ImportRecord(
    Guid Id,
    string FileName,
    ImportMode Mode,
    int RowsRead,
    int RowsImported,
    int RowsRejected,
    int ContactsCreated,
    int ContactsUpdated,
    ImmutableArray<ImportError> Errors,
    DateTimeOffset CreatedAt);
