using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace CarrierSimulator;

/// <summary>One row of the table of people: the two digits before the last two of a number, and who answers there.</summary>
public sealed record PersonRow(int Digits, string Name, string Description, Func<Person> Make);

/// <summary>Who answers a number when the media stream is on, and the table that fixes it.</summary>
public sealed class People
{
    private const string Fact = "my birthday month is March";

    private readonly ConcurrentDictionary<string, Func<Person>> _special = new(StringComparer.Ordinal);

    internal People()
    {
    }

    public static IReadOnlyList<PersonRow> Rows { get; } =
    [
        new(0, "polite", "`yes, speaking`, then `yes, I will renew`", () => new ScriptedPerson("polite", Renews)),
        new(10, "brief", "answers at once: `no, not interested`",
            () => new ScriptedPerson("brief", new Reaction("", "no, not interested")) { PauseMs = 100 }),
        new(11, "interrupting", "`yes, speaking`; talks over the agent's second utterance 400 ms after it begins: `yes, I will renew`",
            () => new InterruptingPerson()),
        new(12, "silent", "says nothing; hangs up when the patience ends", () => new SilentPerson()),
        new(13, "hangs up in mid-sentence", "hangs up 300 ms after the agent begins to speak", () => new HangingUpPerson()),
        new(14, "wants a callback", "`yes, speaking`, then `call me Tuesday at four`",
            () => new ScriptedPerson("wants a callback", new Reaction("renew", "call me Tuesday at four"))),
        new(15, "opts out", "answers the greeting with `do not call me again`",
            () => new ScriptedPerson("opts out", new Reaction("", "do not call me again"))),
        new(16, "voicemail", "asks to `leave a message after the tone`, beeps (1 kHz, 500 ms), records",
            () => new AnsweringMachine("voicemail", beeps: true, "I cannot take your call, please leave a message after the tone")),
        new(17, "call screener", "`say your name and why you call`; after an answer a polite person says `hello`",
            () => new CallScreener()),
        new(18, "presses keys", "presses 1, 2 and # after the greeting, then as polite", () => new KeyPresser()),
        new(19, "noisy line", "as polite, on a line with noise 20 dB below the voice",
            () => new ScriptedPerson("noisy line", Renews) { NoiseDbfs = -33 }),
        new(20, "says hello first", "`hello` as soon as the line is there, then as polite",
            () => new ScriptedPerson("says hello first", Renews) { Opening = "hello" }),
        new(21, "tells a fact", $"when first asked: `{Fact}`, then `yes, I will renew`",
            () => new ScriptedPerson("tells a fact", new Reaction("noted", "yes, I will renew"), new Reaction("renew", Fact))),
        new(22, "long monologue", "a machine that talks for 15 s and does not beep", () => new AnsweringMachine(
            "long monologue",
            beeps: false,
            "Welcome to the mailbox of a very busy person. Nobody can come to the phone now, nor later today.",
            "Our office is open on weekdays from ten to six. On holidays it is closed, as it is on Sundays.",
            "You may also write us a letter. We thank you for your call and wish you a pleasant day. Please leave a message.",
            "Messages are kept for thirty days and then removed.")),
        new(23, "voicemail in Hindi", "romanised, with a beep as 16", () => new AnsweringMachine(
            "voicemail in Hindi",
            beeps: true,
            "aap jis vyakti ko call kar rahe hain woh abhi uplabdh nahin hain, kripya beep ke baad sandesh chhodein")),
        new(24, "voicemail in Hinglish", "romanised, with a beep as 16", () => new AnsweringMachine(
            "voicemail in Hinglish",
            beeps: true,
            "Sorry, abhi main busy hoon, please beep ke baad apna message leave kar dijiye")),
        new(30, "talker", "talks and listens in turns for as long as the call lasts, without decoding a word; talks over every fourth answer",
            () => new Talker()),
    ];

    private static readonly Dictionary<int, PersonRow> s_byDigits = Rows.ToDictionary(r => r.Digits);

    private static Reaction Renews => new("renew", "yes, I will renew");

    /// <summary>The row of a number, in any notation; numbers without one of their own have the polite person's.</summary>
    public static PersonRow RowFor(string number)
    {
        ArgumentNullException.ThrowIfNull(number);
        return number.Length >= 4
            && int.TryParse(number.AsSpan(number.Length - 4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var digits)
            && s_byDigits.TryGetValue(digits, out var row) ? row : Rows[0];
    }

    /// <summary>The table as Markdown, as the README shows it.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder("| Digits 3–4 from the end | Name | What they do |\n| --- | --- | --- |\n");
        foreach (var row in Rows)
        {
            var digits = row.Digits == 0 ? "00, and any not listed" : $"{row.Digits:00}";
            text.Append(CultureInfo.InvariantCulture, $"| {digits} | {row.Name} | {row.Description} |\n");
        }

        return text.ToString();
    }

    /// <summary>Puts somebody else at a number; each call to it makes a new one. Making must not fail.</summary>
    /// <exception cref="ArgumentException">It is no phone number.</exception>
    public void Put(string number, Func<Person> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        if (!PhoneNumber.TryNormalize(number, out var e164))
        {
            throw new ArgumentException("It is no phone number.", nameof(number));
        }

        _special[e164] = make;
    }

    internal Person At(string number) => _special.TryGetValue(number, out var make) ? make() : RowFor(number).Make();
}
