using System.Collections.Frozen;

namespace Campaigns.Domain.Prompts;

/// <summary>A language that an agent may speak.</summary>
/// <param name="Tag">Its tag with a region, <c>hi-IN</c>.</param>
/// <param name="Name">Its English name.</param>
/// <param name="IsIndian">Whether it is one of India's, English apart: people mix English words into it.</param>
public sealed record SpokenLanguage(string Tag, string Name, bool IsIndian)
{
    private static readonly FrozenDictionary<string, SpokenLanguage> ByName = Table();

    /// <summary>Whether it is English.</summary>
    public bool IsEnglish => Name.Equals("English", StringComparison.Ordinal);

    /// <summary>
    /// The language that a conversation begins in: the person's, if what is recorded names one that is known, else the agent's. Words that
    /// name no known language are never repeated: they are a stranger's text.
    /// </summary>
    /// <param name="preferred">Tag or name as recorded (<c>hi</c>, <c>Hindi</c>, <c>हिन्दी</c>); null if unknown.</param>
    /// <param name="agentLanguage">The agent's tag.</param>
    public static SpokenLanguage Choose(string? preferred, string agentLanguage)
    {
        var own = Find(agentLanguage) ?? ByName["en"];
        return Find(preferred) is not { } theirs ? own
            : theirs.Name.Equals(own.Name, StringComparison.Ordinal) && !HasRegion(preferred) ? own
            : theirs;
    }

    /// <summary>The language of a tag or a name, in English or in itself; null when it is not known.</summary>
    public static SpokenLanguage? Find(string? text)
    {
        var word = (text ?? "").Trim().Replace('_', '-');
        if (ByName.TryGetValue(word, out var named))
        {
            return named;
        }

        var parts = word.Split('-');
        var region = parts[^1];
        return parts.Length is 2 or 3 && ByName.TryGetValue(parts[0], out var known) && parts[0].Length == 2
            && region.Length == 2 && region.All(char.IsAsciiLetter)
            ? known with { Tag = $"{known.Tag[..2]}-{region.ToUpperInvariant()}" }
            : null;
    }

    private static bool HasRegion(string? text) => text?.AsSpan().IndexOfAny('-', '_') >= 0;

    private static FrozenDictionary<string, SpokenLanguage> Table()
    {
        var table = new Dictionary<string, SpokenLanguage>(StringComparer.OrdinalIgnoreCase);
        Add("en-IN", "English", false, "angrezi अंग्रेज़ी अंग्रेजी");
        Add("hi-IN", "Hindi", true, "हिन्दी हिंदी hinglish");
        Add("bn-IN", "Bengali", true, "বাংলা bangla");
        Add("ta-IN", "Tamil", true, "தமிழ்");
        Add("te-IN", "Telugu", true, "తెలుగు");
        Add("mr-IN", "Marathi", true, "मराठी");
        Add("gu-IN", "Gujarati", true, "ગુજરાતી");
        Add("kn-IN", "Kannada", true, "ಕನ್ನಡ");
        Add("ml-IN", "Malayalam", true, "മലയാളം");
        Add("pa-IN", "Punjabi", true, "ਪੰਜਾਬੀ panjabi");
        Add("or-IN", "Odia", true, "ଓଡ଼ିଆ oriya");
        Add("as-IN", "Assamese", true, "অসমীয়া");
        Add("ur-IN", "Urdu", true, "اردو");
        Add("ne-NP", "Nepali", false, "नेपाली");
        Add("si-LK", "Sinhala", false, "සිංහල");
        Add("ar-AE", "Arabic", false, "العربية");
        Add("fa-IR", "Persian", false, "فارسی farsi");
        Add("es-ES", "Spanish", false, "español espanol");
        Add("fr-FR", "French", false, "français francais");
        Add("de-DE", "German", false, "deutsch");
        Add("it-IT", "Italian", false, "italiano");
        Add("pt-BR", "Portuguese", false, "português portugues");
        Add("nl-NL", "Dutch", false, "nederlands");
        Add("pl-PL", "Polish", false, "polski");
        Add("ru-RU", "Russian", false, "русский");
        Add("tr-TR", "Turkish", false, "türkçe turkce");
        Add("id-ID", "Indonesian", false, "");
        Add("th-TH", "Thai", false, "ไทย");
        Add("vi-VN", "Vietnamese", false, "");
        Add("ja-JP", "Japanese", false, "日本語");
        Add("ko-KR", "Korean", false, "한국어");
        Add("zh-CN", "Chinese", false, "中文 mandarin");
        return table.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

        void Add(string tag, string name, bool indian, string names)
        {
            var language = new SpokenLanguage(tag, name, indian);
            foreach (var word in names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append(tag[..2]).Append(name))
            {
                table.Add(word, language);
            }
        }
    }
}
