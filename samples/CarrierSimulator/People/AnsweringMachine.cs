namespace CarrierSimulator;

/// <summary>
/// Talks whatever it hears, beeps or not, records what it then hears, and hangs up after three seconds of silence or 30 seconds.
/// </summary>
internal sealed class AnsweringMachine(string name, bool beeps, params IReadOnlyList<string> monologue) : Person
{
    private const int LongestMessageMs = 30_000;
    private int _spoken;

    public override string Name => name;

    public override TimeSpan? Patience => TimeSpan.FromSeconds(3);

    public override void Answered(IPhone phone)
    {
        foreach (var sentence in monologue)
        {
            phone.Say(sentence, 200);
        }

        if (beeps)
        {
            phone.Beep(1000, 500, 300);
        }
    }

    public override void Finished(IPhone phone, string sound)
    {
        if (++_spoken == monologue.Count + (beeps ? 1 : 0))
        {
            phone.Record();
            phone.After(LongestMessageMs, phone.HangUp);
        }
    }
}
