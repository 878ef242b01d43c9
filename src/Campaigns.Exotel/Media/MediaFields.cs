using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Campaigns.Exotel.Media;

/// <summary>The fields of all events, wherever they stand in a message.</summary>
internal enum MediaField
{
    None,
    Event,
    StreamSid,
    CallSid,
    Start,
    StartStreamSid,
    StartCallSid,
    From,
    To,
    CustomParameters,
    MediaFormat,
    SampleRate,
    Media,
    Payload,
    Mark,
    MarkName,
    Dtmf,
    Digit,
    Stop,
    Reason,
}

/// <summary>Where a value stands in a message.</summary>
/// <param name="Type">What it is; <see cref="JsonTokenType.None"/>: it is not there.</param>
/// <param name="Offset">First byte, behind the quote if it is a string.</param>
/// <param name="Length">Bytes, without quotes.</param>
/// <param name="Escaped">A string with backslashes.</param>
/// <param name="Camel">Its name is two words written as one.</param>
internal readonly record struct FieldValue(JsonTokenType Type, int Offset, int Length, bool Escaped, bool Camel)
{
    internal bool Present => Type is not (JsonTokenType.None or JsonTokenType.Null);
}

/// <summary>One value per field; the last of several counts.</summary>
[InlineArray(Count)]
internal struct FieldValues
{
    internal const int Count = (int)MediaField.Reason + 1;

    private FieldValue first;

    internal FieldValue Of(MediaField field) => this[(int)field];
}
