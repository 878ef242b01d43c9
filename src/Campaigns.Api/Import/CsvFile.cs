using System.Runtime.CompilerServices;
using Campaigns.Stores;
using CsvHelper;

namespace Campaigns.Api.Import;

/// <summary>
/// A CSV file read as it arrives: comma, semicolon or tab, found out from its first lines; UTF-8, or UTF-16 with a byte order mark; line
/// breaks within quotes. Records with broken quoting are passed over and told to <c>onFault</c>.
/// </summary>
internal sealed class CsvFile : IAsyncDisposable
{
    // An unclosed quote swallows what follows it: beyond this it is not looked for any further.
    private const int LongestRecord = 1 << 18;

    private readonly CsvReader _reader;
    private readonly Action<ImportError> _onFault;

    private CsvFile(Stream stream, Action<ImportError> onFault)
    {
        _onFault = onFault;
        _reader = CsvReader.Create(
            stream,
            new CsvReaderOptions
            {
                MalformedData = CsvMalformedDataHandling.Skip,
                OnMalformedRecord = OnMalformed,
                MaxRecordSize = LongestRecord,
                TrackLineNumbers = true,
                DetectSeparatorHint = true,
                IncludeValuesInExceptions = false,
            },
            leaveOpen: true);
    }

    /// <summary>The header cells; empty when the file is.</summary>
    internal IReadOnlyList<string> Headers => _reader.Headers;

    /// <exception cref="CsvFormatException">The header is not a line of any reasonable length.</exception>
    internal static async Task<CsvFile> OpenAsync(Stream stream, Action<ImportError> onFault, CancellationToken cancellationToken)
    {
        var file = new CsvFile(stream, onFault);
        try
        {
            await file._reader.ReadHeaderAsync(cancellationToken);
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>The records below the header. The cells are the caller's to keep.</summary>
    /// <exception cref="CsvFormatException">A record has no end within a reasonable length.</exception>
    internal async IAsyncEnumerable<CsvRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _reader.ReadAsync(cancellationToken))
        {
            var cells = new string[_reader.FieldCount];
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = _reader.GetString(i);
            }

            yield return new CsvRecord((int)_reader.LineNumber, cells);
        }
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    private void OnMalformed(CsvMalformedRecord record)
    {
        var column = QuoteFault.ColumnOf(record.RawRecord, _reader.Separator);
        var header = column <= _reader.Headers.Count ? _reader.Headers[column - 1] : null;
        _onFault(new ImportError((int)record.LineNumber, column, header, record.Reason switch
        {
            CsvMalformedReason.UnterminatedQuote => "a quote is opened and never closed: nothing after it was read",
            CsvMalformedReason.TextAfterClosingQuote => "there is text after a closing quote: quotes within a value are doubled (\"\")",
            _ => "a quote stands within a value that does not begin with one",
        }));
    }
}

/// <summary>One record of a file.</summary>
/// <param name="Line">Where it begins, 1-based.</param>
/// <param name="Cells">Its cells, unquoted.</param>
internal sealed record CsvRecord(int Line, string[] Cells);
