using System.Collections.Immutable;
using Campaigns.Stores;

namespace Campaigns.Api.Import;

/// <summary>Counts what is read and lists the first 1,000 faults and repeats.</summary>
internal sealed class ImportReport
{
    private const int MostListed = 1_000;

    private readonly ImmutableArray<ImportError>.Builder _errors = ImmutableArray.CreateBuilder<ImportError>();
    private readonly ImmutableArray<RepeatedRow>.Builder _repeats = ImmutableArray.CreateBuilder<RepeatedRow>();
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    public int RowsRead { get; private set; }

    public int RowsRejected { get; private set; }

    public int RowsRepeated { get; private set; }

    /// <summary>Faults found, listed or not.</summary>
    public int ErrorCount { get; private set; }

    public ImmutableArray<ImportError> Errors => _errors.ToImmutable();

    public ImmutableArray<RepeatedRow> Repeats => _repeats.ToImmutable();

    /// <summary>A fault of the file or of its header.</summary>
    public void Add(ImportError error)
    {
        ErrorCount++;
        if (_errors.Count < MostListed)
        {
            _errors.Add(error);
        }
    }

    /// <summary>A row with faults.</summary>
    public void AddRejected(IEnumerable<ImportError> errors)
    {
        RowsRead++;
        RowsRejected++;
        foreach (var error in errors)
        {
            Add(error);
        }
    }

    /// <summary>A good row.</summary>
    public void AddGood(int line, string? phone)
    {
        RowsRead++;
        if (phone is null || _lines.TryAdd(phone, line))
        {
            return;
        }

        RowsRepeated++;
        if (_repeats.Count < MostListed)
        {
            _repeats.Add(new RepeatedRow(line, _lines[phone]));
        }

        _lines[phone] = line;
    }
}

/// <summary>A row whose phone number stands in an earlier row as well; the later one wins.</summary>
/// <param name="Line">The later row.</param>
/// <param name="ReplacesLine">The earlier one.</param>
internal sealed record RepeatedRow(int Line, int ReplacesLine);
