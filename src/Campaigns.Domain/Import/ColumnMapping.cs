using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Campaigns.Domain.Import;

/// <summary>One column of an import.</summary>
/// <param name="Header">The header text, trimmed; empty when the column has none.</param>
/// <param name="Field">Where its cells go.</param>
public sealed record Column(string Header, ContactField Field);

/// <summary>Which column of a file goes where.</summary>
public sealed record ColumnMapping
{
    /// <summary>Most columns of a file.</summary>
    public const int MaxColumns = 200;

    /// <summary>Most characters of a header.</summary>
    public const int MaxHeader = 200;

    private static readonly FrozenDictionary<string, ContactField> Known = Names(
        (ContactField.Name, "name fullname contactname customername"),
        (ContactField.FirstName, "firstname givenname forename fname"),
        (ContactField.LastName, "lastname surname familyname lname"),
        (ContactField.Phone, "phone phonenumber phoneno mobile mobilenumber mobileno mobilephone cell cellphone cellnumber tel telephone "
            + "telephonenumber contactnumber contactno"),
        (ContactField.Email, "email emailaddress emailid mail"),
        (ContactField.Status, "status contactstatus leadstatus"),
        (ContactField.City, "city town"),
        (ContactField.Occupation, "occupation profession job jobtitle"),
        (ContactField.PreferredLanguage, "preferredlanguage language lang preferredlang"),
        (ContactField.TimeZone, "timezone tz"),
        (ContactField.Consent, "consent marketingconsent optin marketingoptin consenttomarketing"));

    private ColumnMapping(ImmutableArray<Column> columns) => Columns = columns;

    /// <summary>The columns in the file's order.</summary>
    public ImmutableArray<Column> Columns { get; }

    /// <summary>Reads a header row. Case, spaces, underscores, hyphens and dots make no difference to a known name.</summary>
    /// <param name="headers">The header cells.</param>
    /// <param name="overrides">Places that the caller fixes, by header text in any case; the others are found by their names.</param>
    public static MappingResult From(IReadOnlyList<string> headers, IReadOnlyDictionary<string, ContactField>? overrides = null)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (headers.Count > MaxColumns)
        {
            return new MappingResult.Bad([new RowProblem("", 0, $"the file has more than {MaxColumns} columns")]);
        }

        var fixedFields = (overrides ?? ImmutableDictionary<string, ContactField>.Empty)
            .GroupBy(o => Key(o.Key)).ToDictionary(g => g.Key, g => g.First().Value);
        var columns = headers.Select(h => Clean(h)).Select(h => new Column(h, FieldOf(h, fixedFields))).ToImmutableArray();
        var problems = columns.SelectMany((c, i) => HeaderProblems(columns, i)).ToImmutableArray();
        if (!columns.Any(c => c.Field == ContactField.Phone))
        {
            problems = problems.Add(new RowProblem("", 0, "no column is named phone, mobile or the like: is the first row a header?"));
        }

        foreach (var missing in fixedFields.Keys.Where(k => !columns.Any(c => Key(c.Header) == k)))
        {
            problems = problems.Add(new RowProblem(missing, 0, "is mapped, but the file has no such column"));
        }

        return problems.IsEmpty ? new MappingResult.Good(new ColumnMapping(columns)) : new MappingResult.Bad(problems);
    }

    private static IEnumerable<RowProblem> HeaderProblems(ImmutableArray<Column> columns, int index)
    {
        var column = columns[index];
        if (column.Header.Length > MaxHeader)
        {
            yield return new RowProblem(column.Header[..20] + "…", index + 1, $"the header is longer than {MaxHeader} characters");
        }

        if (CellRules.Damage(column.Header) is { } damage)
        {
            yield return new RowProblem(column.Header, index + 1, $"the header {damage}");
        }

        for (var other = 0; other < index; other++)
        {
            if (column.Header.Length > 0 && Key(columns[other].Header) == Key(column.Header))
            {
                yield return new RowProblem(column.Header, index + 1, $"the header is that of column {other + 1} again");
                yield break;
            }

            if (IsSingle(column.Field) && columns[other].Field == column.Field)
            {
                // Which of two phone columns is dialled is not for us to guess.
                yield return new RowProblem(
                    column.Header, index + 1, $"means the same as column {other + 1} '{columns[other].Header}': map one of them elsewhere");
                yield break;
            }
        }
    }

    private static bool IsSingle(ContactField field) => field is not (ContactField.Context or ContactField.Ignore);

    private static ContactField FieldOf(string header, Dictionary<string, ContactField> fixedFields)
    {
        var key = Key(header);
        return fixedFields.TryGetValue(key, out var chosen) ? chosen : Known.GetValueOrDefault(key, ContactField.Context);
    }

    /// <summary>The contact's own field that a header of this name is read into; null for any other.</summary>
    internal static ContactField? OwnField(string name) => Known.TryGetValue(Key(name), out var field) ? field : null;

    private static string Clean(string? header) => FieldKey.Clean(header);

    private static string Key(string header) => FieldKey.Of(header);

    private static FrozenDictionary<string, ContactField> Names(params (ContactField Field, string Keys)[] fields) =>
        fields.SelectMany(f => f.Keys.Split(' '), (f, key) => KeyValuePair.Create(key, f.Field)).ToFrozenDictionary();
}
