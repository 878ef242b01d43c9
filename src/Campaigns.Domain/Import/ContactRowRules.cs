using System.Collections.Immutable;
using Campaigns.Domain.Phones;
using Campaigns.Domain.Windows;
using Campaigns.Stores;

namespace Campaigns.Domain.Import;

/// <summary>Reads one row of an import. A cell is text and nothing else: what looks like a formula is kept as it is written.</summary>
public static class ContactRowRules
{
    /// <summary>Most characters of a cell.</summary>
    public const int MaxCell = 4_000;

    /// <summary>Most characters of a cell that goes into a field of its own.</summary>
    public const int MaxField = 200;

    /// <summary>Whether a row has nothing in it: to be passed over, not reported.</summary>
    public static bool IsBlank(IReadOnlyList<string> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        return cells.All(string.IsNullOrWhiteSpace);
    }

    /// <summary>Reads a row. Cells that are missing at its end are blank, except a phone's.</summary>
    /// <param name="cells">The cells, in the file's order.</param>
    /// <param name="mapping">The header row's reading.</param>
    /// <param name="defaultRegion">Country calling code of numbers that have none.</param>
    public static RowResult Read(IReadOnlyList<string> cells, ColumnMapping mapping, string defaultRegion)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(mapping);
        var row = new RowReader(defaultRegion);
        for (var i = 0; i < Math.Max(cells.Count, mapping.Columns.Length); i++)
        {
            var column = i < mapping.Columns.Length ? mapping.Columns[i] : new Column("", ContactField.Context);
            row.Add(column, i + 1, i < cells.Count ? cells[i] ?? "" : null);
        }

        return row.ToResult();
    }

    private sealed class RowReader(string defaultRegion)
    {
        private readonly ImmutableArray<RowProblem>.Builder _problems = ImmutableArray.CreateBuilder<RowProblem>();
        private readonly ImmutableSortedDictionary<string, string>.Builder _context =
            ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);

        private NewContact _contact = new();
        private string? _first;
        private string? _last;

        internal void Add(Column column, int number, string? cell)
        {
            if (cell is null && column.Field == ContactField.Phone)
            {
                Problem(column, number, "the row ends before this column");
                return;
            }

            var text = cell?.Trim() ?? "";
            if (text.Length == 0)
            {
                return;
            }

            if (Refused(column, text) is { } refused)
            {
                Problem(column, number, refused);
                return;
            }

            Keep(column, number, text);
        }

        internal RowResult ToResult()
        {
            var name = _contact.Name.Length > 0 ? _contact.Name : $"{_first} {_last}".Trim();
            if (_problems.Count == 0 && _contact.Phone is null && _contact.Email is null && name.Length == 0)
            {
                _problems.Add(new RowProblem("", 0, "the row has neither a phone number nor a name nor an e-mail address"));
            }

            return _problems.Count > 0
                ? new RowResult.Bad(_problems.ToImmutable())
                : new RowResult.Good(_contact with { Name = name, Context = _context.ToImmutable() });
        }

        private static string? Refused(Column column, string text) =>
            CellRules.Damage(text) is { } damage ? damage
            : text.Length > MaxCell ? $"is longer than {MaxCell} characters"
            : column.Header.Length == 0 && column.Field == ContactField.Context ? "stands under no header: is a quote missing before it?"
            : text.Length > MaxField && IsShort(column.Field) ? $"is longer than {MaxField} characters"
            : null;

        private static bool IsShort(ContactField field) =>
            field is not (ContactField.Context or ContactField.Ignore or ContactField.Consent or ContactField.Email);

        private void Keep(Column column, int number, string text)
        {
            switch (column.Field)
            {
                case ContactField.Context:
                    _context[column.Header] = text;
                    break;
                case ContactField.FirstName:
                    _first = text;
                    break;
                case ContactField.LastName:
                    _last = text;
                    break;
                case ContactField.Phone:
                    Phone(column, number, text);
                    break;
                case ContactField.Email when CellRules.EmailProblem(text) is { } problem:
                    Problem(column, number, problem);
                    break;
                case ContactField.TimeZone when CallingWindows.ResolveZone(text, text) is ZoneResult.Invalid:
                    Problem(column, number, "is no IANA time zone such as Asia/Kolkata");
                    break;
                default:
                    _contact = With(column.Field, text);
                    break;
            }
        }

        private NewContact With(ContactField field, string text) => field switch
        {
            ContactField.Name => _contact with { Name = text },
            ContactField.Email => _contact with { Email = text },
            ContactField.Status => _contact with { Status = text },
            ContactField.City => _contact with { City = text },
            ContactField.Occupation => _contact with { Occupation = text },
            ContactField.PreferredLanguage => _contact with { PreferredLanguage = text },
            ContactField.TimeZone => _contact with { TimeZone = text },
            ContactField.Consent => _contact with { MarketingConsent = CellRules.Consent(text) },
            _ => _contact,
        };

        private void Phone(Column column, int number, string text)
        {
            switch (PhoneNumbers.Normalize(text, defaultRegion))
            {
                case PhoneResult.Valid valid:
                    _contact = _contact with { Phone = valid.E164 };
                    break;
                case PhoneResult.Invalid invalid:
                    Problem(column, number, $"is no phone number: it {invalid.Reason}");
                    break;
            }
        }

        private void Problem(Column column, int number, string reason) => _problems.Add(new RowProblem(column.Header, number, reason));
    }
}
