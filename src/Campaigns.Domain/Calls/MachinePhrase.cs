using Campaigns.Calls;
using Campaigns.Domain.Times;

namespace Campaigns.Domain.Calls;

/// <summary>A turn of phrase of machines, or of people.</summary>
/// <param name="Kind">The machine that says it; null when people say it.</param>
/// <param name="Weight">How much it says: 0 to 1.</param>
/// <param name="Text">
/// Words in order, compared as <see cref="SpokenText"/> spells them. <c>a|b</c> is either, <c>(a)</c> may be missing, <c>*</c> is up to four
/// words of any kind, <c>!a</c> at the end is anything but.
/// </param>
internal sealed record MachinePhrase(MachineKind? Kind, double Weight, string Text)
{
    private const int MostSkipped = 4;

    private readonly Step[] _steps = [.. Text.Split(' ').Select(Read)];

    /// <summary>Whether the words contain the phrase.</summary>
    /// <param name="words">The words, folded.</param>
    /// <param name="vocabulary">The same words, to pass over a phrase of which some are missing.</param>
    internal bool IsIn(string[] words, HashSet<string> vocabulary) =>
        _steps.All(s => s.Any || s.Optional || s.Not || s.Words.Any(vocabulary.Contains))
        && Enumerable.Range(0, words.Length).Any(start => Fits(words, start, 0));

    private bool Fits(string[] words, int at, int step)
    {
        if (step == _steps.Length)
        {
            return true;
        }

        var (any, optional, not, choices) = _steps[step];
        if (any)
        {
            return Enumerable.Range(at, Math.Min(MostSkipped, words.Length - at) + 1).Any(next => Fits(words, next, step + 1));
        }

        var here = at < words.Length && choices.Contains(words[at], StringComparer.Ordinal);
        return not ? !here && Fits(words, Math.Min(at + 1, words.Length), step + 1)
            : (here && Fits(words, at + 1, step + 1)) || (optional && Fits(words, at, step + 1));
    }

    private static Step Read(string text)
    {
        var (optional, not) = (text.StartsWith('('), text.StartsWith('!'));
        var words = text.Trim('(', ')', '!').Split('|').SelectMany(SpokenText.Words).Select(SpokenText.Fold).ToArray();
        return new Step(text is "*", optional, not, words);
    }

    private sealed record Step(bool Any, bool Optional, bool Not, string[] Words);
}
