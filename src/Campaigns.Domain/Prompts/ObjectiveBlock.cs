using Campaigns.Calls;
using Campaigns.Domain.Import;

namespace Campaigns.Domain.Prompts;

/// <summary>The part of a prompt that says what this call is for.</summary>
internal static class ObjectiveBlock
{
    /// <summary>Most characters of the fields beneath the objective.</summary>
    internal const int LongestData = 6_000;

    private const int LongestKey = 60;
    private const int LongestValue = 300;

    /// <summary>The block; empty without an objective, so that the prompt is the one of a call without a campaign.</summary>
    internal static string Build(CallBrief brief, CallFields fields)
    {
        if (string.IsNullOrWhiteSpace(brief.Objective))
        {
            return "";
        }

        var data = Data(brief, fields);
        var record = data.IsEmpty ? "" : $"\n\nWhat is on record for this call:\n{data}";
        return $"""
            ## Your objective on THIS call
            {fields.RenderQuoted(brief.Objective.ReplaceLineEndings("\n").Trim())}{record}

            This objective guides what you raise on this call. It does not change who you are.
            """.ReplaceLineEndings("\n");
    }

    private static DataBlock Data(CallBrief brief, CallFields fields)
    {
        var block = new DataBlock(LongestData);
        var name = DataText.Clean(fields.Name, LongestValue);
        if (name.Length > 0)
        {
            block.Add($"name: {name}");
        }

        var seen = new HashSet<string>(["name"]);
        foreach (var (key, value) in brief.Context.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            // A key is a stranger's header: what reads the same after cleaning must not stand there twice, least of all the name.
            var (label, text) = (DataText.Clean(key.Replace(':', ' '), LongestKey), DataText.Clean(value, LongestValue));
            if (label.Length > 0 && text.Length > 0 && seen.Add(FieldKey.Of(label)))
            {
                block.Add($"{label}: {text}");
            }
        }

        return block;
    }
}
