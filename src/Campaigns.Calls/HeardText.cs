namespace Campaigns.Calls;

/// <summary>What was heard of a sentence that was cut off.</summary>
internal static class HeardText
{
    /// <summary>
    /// The whole words that fit into the part that was played, words taken as evenly spread. A transcript may run ahead of the voice and the
    /// voice has pauses, so this is an estimate; it never claims a word that was cut.
    /// </summary>
    internal static string Estimate(string text, double heardMilliseconds, double spokenMilliseconds)
    {
        if (heardMilliseconds <= 0 || spokenMilliseconds <= 0)
        {
            return "";
        }

        if (heardMilliseconds >= spokenMilliseconds)
        {
            return text;
        }

        var end = (int)(text.Length * (heardMilliseconds / spokenMilliseconds));
        while (end > 0 && !char.IsWhiteSpace(text[end]))
        {
            end--;
        }

        return text[..end].TrimEnd();
    }
}
