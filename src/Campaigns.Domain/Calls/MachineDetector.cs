using System.Collections.Immutable;
using Campaigns.Calls;
using Campaigns.Domain.Times;

namespace Campaigns.Domain.Calls;

/// <summary>
/// Tells machines from people by what is heard in the first seconds of a call. Immutable: each observation gives the next state, and the
/// verdict depends on nothing else. In doubt it is a person: hanging up on one costs more than talking to a machine.
/// </summary>
/// <remarks>
/// Every phrase of a machine has a weight; their complements multiply, as do those of sounds. <see cref="Certain"/> makes a machine. What
/// only people say divides the doubt: after it, it takes a beep or twice the phrases. Sounds alone make no machine unless a long unbroken
/// speech ends in a beep.
/// </remarks>
public sealed record MachineDetector
{
    /// <summary>The confidence from which it is a machine.</summary>
    public const double Certain = 0.8;

    /// <summary>Speech without a pause from which on it may be a recording: people who answer stop to listen.</summary>
    public static readonly TimeSpan LongSpeech = TimeSpan.FromSeconds(6);

    /// <summary>Speech without a pause that few people hold when they answer.</summary>
    public static readonly TimeSpan VeryLongSpeech = TimeSpan.FromSeconds(12);

    /// <summary>How much speech comes before a beep that ends a greeting; a beep after less may be a key or the line.</summary>
    public static readonly TimeSpan SpeechBeforeBeep = TimeSpan.FromSeconds(2.5);

    /// <summary>Silence after a few words that says: it is your turn.</summary>
    public static readonly TimeSpan WaitsForAnswer = TimeSpan.FromMilliseconds(700);

    /// <summary>What is heard later than this changes nothing: a conversation is under way.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromSeconds(45);

    private const int FewWords = 7;
    private const double HumanDoubt = 0.25;

    private static readonly MachineVerdict NotClear = new MachineVerdict.Unsure();

    private MachineDetector()
    {
    }

    /// <summary>Nothing has been heard.</summary>
    public static MachineDetector Start { get; } = new();

    private string Heard { get; init; } = "";

    private TimeSpan LongestSpeech { get; init; }

    private TimeSpan? BeepAt { get; init; }

    private TimeSpan SpeechAtBeep { get; init; }

    private bool Waits { get; init; }

    private bool Answers { get; init; }

    /// <summary>Who or what answered, by everything heard so far.</summary>
    public MachineVerdict Verdict => Decide();

    /// <summary>A fragment of what the other side said, to be joined to those before.</summary>
    /// <param name="fragment">As transcribed; spaces between words are part of the fragments.</param>
    /// <param name="at">Since the call was answered.</param>
    public MachineDetector Hear(string fragment, TimeSpan at) => at > Horizon || string.IsNullOrEmpty(fragment) || Heard.Length >= SpokenText.Longest
        ? this
        : this with { Heard = Heard + fragment, Waits = false };

    /// <summary>How long the other side has been speaking without a pause, now or at the end of its speech.</summary>
    /// <param name="length">Of this stretch of speech.</param>
    /// <param name="at">Since the call was answered.</param>
    public MachineDetector Speech(TimeSpan length, TimeSpan at) =>
        at > Horizon || length <= LongestSpeech ? this : this with { LongestSpeech = length };

    /// <summary>The other side has fallen silent.</summary>
    /// <param name="length">Of the silence so far.</param>
    /// <param name="at">Since the call was answered.</param>
    public MachineDetector Silence(TimeSpan length, TimeSpan at) => at > Horizon || length < WaitsForAnswer || Heard.Length == 0 || Waits
        ? this
        : this with { Waits = true, Answers = Answers || IsShort(Words()) };

    /// <summary>A beep: one steady tone of a few tenths of a second.</summary>
    /// <param name="at">Since the call was answered.</param>
    public MachineDetector Beep(TimeSpan at) => at > Horizon || BeepAt is not null ? this : this with { BeepAt = at, SpeechAtBeep = LongestSpeech };

    private static bool IsShort(string[] words) => words.Length is > 0 and <= FewWords;

    private string[] Words() => [.. SpokenText.Words(Heard).Select(SpokenText.Fold)];

    private MachineVerdict Decide()
    {
        var words = Words();
        var vocabulary = words.ToHashSet(StringComparer.Ordinal);
        var machine = MachinePhrases.Machines.Where(p => p.IsIn(words, vocabulary)).ToImmutableArray();
        var person = MachinePhrases.People.Where(p => p.IsIn(words, vocabulary)).ToImmutableArray();
        var sounds = Sounds(person.IsEmpty).ToImmutableArray();
        if (machine.IsEmpty && !sounds.Any(s => s.Weight >= Certain))
        {
            return Person(words, person);
        }

        var kind = KindOf(machine);
        var doubt = machine.Where(p => p.Kind == kind).Select(p => p.Weight).Concat(sounds.Select(s => s.Weight))
            .Aggregate(1.0, (d, weight) => d * (1 - weight));

        // People use the words of machines, too: "leave a message with my wife", "who is calling, please?".
        var human = person.Aggregate(1.0, (d, p) => d * (1 - p.Weight));
        var confidence = 1 - (person.IsEmpty ? doubt : Math.Min(1, doubt / Math.Max(human, HumanDoubt)));
        return confidence >= Certain
            ? new MachineVerdict.Machine(kind, Evidence(machine, sounds), Math.Round(confidence, 3))
            : confidence < 0.5 ? Person(words, person) : NotClear;
    }

    private MachineVerdict Person(string[] words, ImmutableArray<MachinePhrase> person)
    {
        if (LongestSpeech >= LongSpeech && person.IsEmpty)
        {
            return NotClear;
        }

        return !person.IsEmpty ? new MachineVerdict.Human($"says what people say ({person[0].Text})")
            : Answers || (Waits && IsShort(words)) ? new MachineVerdict.Human("says a few words and waits")
            : Heard.TrimEnd().EndsWith('?') && words.Length > 0 ? new MachineVerdict.Human("asks")
            : NotClear;
    }

    private IEnumerable<(double Weight, string Name)> Sounds(bool noPerson)
    {
        if (BeepAt is not null)
        {
            var recording = SpeechAtBeep >= LongSpeech && noPerson && !Answers;
            yield return recording ? (0.85, "a beep after long speech") : SpeechAtBeep >= SpeechBeforeBeep ? (0.6, "a beep") : (0.2, "a beep");
        }

        if (LongestSpeech >= LongSpeech)
        {
            yield return LongestSpeech >= VeryLongSpeech ? (0.5, "very long speech") : (0.3, "long speech");
        }
    }

    // The kind with most evidence; a screener's greeting has much in common with a voicemail's, and a menu's with both. An announcement that
    // surely asks for a message takes one, however much of it is said of a number that does not answer.
    private static MachineKind KindOf(ImmutableArray<MachinePhrase> phrases) => phrases.IsEmpty
        ? MachineKind.Voicemail
        : phrases.GroupBy(p => p.Kind!.Value)
            .OrderByDescending(g => Math.Min(MachinePhrases.Sure, 1 - g.Aggregate(1.0, (d, p) => d * (1 - p.Weight))))
            .ThenBy(g => g.Key switch { MachineKind.Screener => 0, MachineKind.Voicemail => 1, _ => 2 })
            .First().Key;

    private static string Evidence(ImmutableArray<MachinePhrase> phrases, ImmutableArray<(double Weight, string Name)> sounds) =>
        string.Join("; ", phrases.OrderByDescending(p => p.Weight).Take(3).Select(p => p.Text).Concat(sounds.Select(s => s.Name)));
}
