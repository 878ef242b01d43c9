namespace Campaigns.Api.Import;

/// <summary>Finds the cell whose quoting is broken.</summary>
internal static class QuoteFault
{
    /// <summary>The 1-based column of the first fault in a record; the last column when there is none.</summary>
    internal static int ColumnOf(string record, char separator)
    {
        var column = 1;
        for (var i = 0; i < record.Length; column++)
        {
            if (record[i] == '"')
            {
                i = EndOfQuoted(record, i);
                if (i < record.Length && record[i] != separator)
                {
                    return column;
                }
            }
            else
            {
                while (i < record.Length && record[i] != separator)
                {
                    if (record[i++] == '"')
                    {
                        return column;
                    }
                }
            }

            if (i++ >= record.Length)
            {
                return column;
            }
        }

        return column;
    }

    /// <summary>The index behind the closing quote, or the record's length when it is never closed.</summary>
    private static int EndOfQuoted(string record, int open)
    {
        for (var i = open + 1; i < record.Length; i++)
        {
            if (record[i] == '"' && (i + 1 >= record.Length || record[++i] != '"'))
            {
                return i + 1 >= record.Length && record[i] == '"' ? record.Length : i;
            }
        }

        return record.Length;
    }
}
