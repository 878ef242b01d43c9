using Campaigns.Calls;

namespace Campaigns.Domain.Prompts;

/// <summary>The part of a prompt that says which language is spoken, and how.</summary>
internal static class LinguisticBlock
{
    internal static string Build(CallBrief brief)
    {
        var language = SpokenLanguage.Choose(brief.PreferredLanguage, brief.Agent.Language);
        return string.Join('\n', Lines(language));
    }

    private static IEnumerable<string> Lines(SpokenLanguage language)
    {
        yield return "## Language";
        yield return $"Begin in {language.Name}. When the person speaks another language that you know, go on in theirs.";
        if (!language.IsEnglish)
        {
            var name = language.Name.ToUpperInvariant();
            yield return $"RESPOND IN {name}. YOU MUST RESPOND UNMISTAKABLY IN {name}, unless the person has chosen another language.";
        }

        if (language.IsIndian)
        {
            yield return $"Speak {language.Name} as people speak it on the telephone, not as books write it: keep everyday English words in "
                + "English (policy, payment, appointment, online), and mix as much English as the person does, no more.";
            yield return "Use the respectful form of address until the person asks for another.";
        }

        yield return language.IsIndian || language.Tag.EndsWith("-IN", StringComparison.Ordinal)
            ? "Say amounts in lakh and crore, not in millions. " + Numbers
            : Numbers;
    }

    private const string Numbers =
        "Say numbers, dates and times as they are spoken: \"twenty-four November\", \"four in the afternoon\"; telephone and policy numbers digit by "
        + "digit in small groups. Never read out symbols or abbreviations.";
}
