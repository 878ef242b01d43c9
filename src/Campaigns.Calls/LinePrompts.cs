namespace Campaigns.Calls;

/// <summary>
/// What the line itself says to the model. Not spoken: instructions in square brackets, which no transcript of a person looks like. Texts of
/// the campaign go in between quotation marks, their own taken out, so that they end where they should.
/// </summary>
internal static class LinePrompts
{
    internal const string Nudge =
        "[The person is waiting for you to answer. Go on with the conversation now; if you did not understand them, ask them to repeat.]";

    internal const string Resume =
        "[The line was interrupted for a moment and what you were saying was lost. Go on where the conversation was, without greeting again.]";

    internal static string Message(string? text)
        => text is { Length: > 0 }
            ? $"[An answering machine is recording now. Say exactly this message, and nothing before or after it: \"{Quoted(text)}\"]"
            : "[An answering machine is recording now. Leave a message of one or two sentences: who calls, for whom and why. Say nothing else.]";

    internal static string Explain(string? text)
        => text is { Length: > 0 }
            ? $"[An assistant is screening this call. Say exactly this to it, then wait for the person: \"{Quoted(text)}\"]"
            : "[An assistant is screening this call. Say in one sentence who you are and why you call, then wait for the person.]";

    internal static string Keys(string digits) => $"[The person pressed these keys of the telephone: {digits}]";

    private static string Quoted(string text) => text.Replace('"', '\'').Replace('[', '(').Replace(']', ')');
}
