namespace Campaigns.Exotel.Media;

/// <summary>Names of fields, by the object they stand in. Case and underscores make no difference.</summary>
internal static class MediaFieldNames
{
    private const int Longest = 16;

    /// <summary>The field of this name in the object of <paramref name="parent"/> (<see cref="MediaField.None"/>: the message itself).</summary>
    /// <param name="parent">The object.</param>
    /// <param name="name">The name as received.</param>
    /// <param name="camel">Whether it is written without underscores.</param>
    internal static MediaField Find(MediaField parent, ReadOnlySpan<byte> name, out bool camel)
    {
        camel = true;
        if (name.Length > Longest + 4)
        {
            return MediaField.None;
        }

        Span<byte> plain = stackalloc byte[Longest + 4];
        var length = 0;
        foreach (var c in name)
        {
            if (c == '_')
            {
                camel = false;
            }
            else
            {
                plain[length++] = c is >= (byte)'A' and <= (byte)'Z' ? (byte)(c | 0x20) : c;
            }
        }

        plain = plain[..length];
        return parent switch
        {
            MediaField.None => OfMessage(plain),
            MediaField.Start => OfStart(plain),
            MediaField.MediaFormat when plain.SequenceEqual("samplerate"u8) => MediaField.SampleRate,
            MediaField.Media when plain.SequenceEqual("payload"u8) => MediaField.Payload,
            MediaField.Mark when plain.SequenceEqual("name"u8) => MediaField.MarkName,
            MediaField.Dtmf when plain.SequenceEqual("digit"u8) => MediaField.Digit,
            MediaField.Stop when plain.SequenceEqual("reason"u8) => MediaField.Reason,
            _ => MediaField.None,
        };
    }

    private static MediaField OfMessage(ReadOnlySpan<byte> name)
        => name.SequenceEqual("event"u8) ? MediaField.Event
            : name.SequenceEqual("media"u8) ? MediaField.Media
            : name.SequenceEqual("streamsid"u8) ? MediaField.StreamSid
            : name.SequenceEqual("mark"u8) ? MediaField.Mark
            : name.SequenceEqual("dtmf"u8) ? MediaField.Dtmf
            : name.SequenceEqual("start"u8) ? MediaField.Start
            : name.SequenceEqual("stop"u8) ? MediaField.Stop
            : name.SequenceEqual("callsid"u8) ? MediaField.CallSid
            : MediaField.None;

    private static MediaField OfStart(ReadOnlySpan<byte> name)
        => name.SequenceEqual("streamsid"u8) ? MediaField.StartStreamSid
            : name.SequenceEqual("callsid"u8) ? MediaField.StartCallSid
            : name.SequenceEqual("from"u8) ? MediaField.From
            : name.SequenceEqual("to"u8) ? MediaField.To
            : name.SequenceEqual("customparameters"u8) ? MediaField.CustomParameters
            : name.SequenceEqual("mediaformat"u8) ? MediaField.MediaFormat
            : MediaField.None;
}
