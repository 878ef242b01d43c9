using System.Collections.Immutable;

namespace Campaigns.Exotel.Media;

/// <summary>What a message of the media socket is.</summary>
internal enum MediaMessageKind
{
    /// <summary>An event this product does not know or does not need.</summary>
    Ignored,

    /// <summary>The stream begins.</summary>
    Start,

    /// <summary>Audio of the person.</summary>
    Media,

    /// <summary>What was sent before a mark has been played.</summary>
    Mark,

    /// <summary>A key was pressed.</summary>
    Dtmf,

    /// <summary>The stream is over.</summary>
    Stop,

    /// <summary>Not a message, or one without what its event needs.</summary>
    Malformed,
}

/// <summary>Why a message is malformed.</summary>
internal enum MediaFault
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>Not JSON, cut short, or too deep.</summary>
    NotJson,

    /// <summary>JSON, but no object with an event.</summary>
    NoEvent,

    /// <summary>A field has another type than its event needs.</summary>
    WrongType,

    /// <summary>A field is missing, empty or too long.</summary>
    BadValue,

    /// <summary>The payload is not base64.</summary>
    BadBase64,
}

/// <summary>How the other side writes names of two words; it is answered alike.</summary>
internal enum NamingStyle
{
    /// <summary><c>stream_sid</c>.</summary>
    Snake,

    /// <summary><c>streamSid</c>.</summary>
    Camel,
}

/// <summary>The beginning of a stream as told.</summary>
/// <param name="StreamSid">1–200 characters.</param>
/// <param name="CallSid">1–200 characters.</param>
/// <param name="From">Empty if not told.</param>
/// <param name="To">Empty if not told.</param>
/// <param name="SampleRate">Hz; 0 if not told or not one of those that there are.</param>
/// <param name="CustomParameters">Empty if there are none.</param>
/// <param name="Style">How names are written.</param>
internal sealed record MediaStartMessage(
    string StreamSid,
    string CallSid,
    string From,
    string To,
    int SampleRate,
    ImmutableDictionary<string, string> CustomParameters,
    NamingStyle Style);

/// <summary>One message, read.</summary>
internal readonly struct MediaMessage
{
    internal MediaMessageKind Kind { get; private init; }

    internal MediaFault Fault { get; private init; }

    /// <summary>Where the decoded audio lies in the message's own buffer; at least one byte lies before it.</summary>
    internal int AudioOffset { get; private init; }

    /// <summary>Bytes of decoded audio.</summary>
    internal int AudioLength { get; private init; }

    /// <summary>Name of a mark, or why the stream stopped.</summary>
    internal string? Text { get; private init; }

    /// <summary>The key pressed.</summary>
    internal char Digit { get; private init; }

    internal MediaStartMessage? Start { get; private init; }

    internal static MediaMessage Ignored => default;

    internal static MediaMessage Malformed(MediaFault fault) => new() { Kind = MediaMessageKind.Malformed, Fault = fault };

    internal static MediaMessage Began(MediaStartMessage start) => new() { Kind = MediaMessageKind.Start, Start = start };

    internal static MediaMessage Audio(int offset, int length)
        => new() { Kind = MediaMessageKind.Media, AudioOffset = offset, AudioLength = length };

    internal static MediaMessage Marked(string name) => new() { Kind = MediaMessageKind.Mark, Text = name };

    internal static MediaMessage Pressed(char digit) => new() { Kind = MediaMessageKind.Dtmf, Digit = digit };

    internal static MediaMessage Stopped(string reason) => new() { Kind = MediaMessageKind.Stop, Text = reason };
}
