using System.Text;
using System.Text.Json;

namespace Campaigns.Exotel.Media;

/// <summary>
/// Reads one message of the media socket. Takes every notation met: names in snake or camel case, numbers as strings or numbers, ids at both
/// levels, any order; ignores what it does not know. Throws for no input, and allocates nothing for audio.
/// </summary>
internal static class MediaReader
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 32 };

    /// <summary>Reads a message.</summary>
    /// <param name="message">UTF-8. Audio is decoded in place: the text is used up.</param>
    internal static MediaMessage Read(Span<byte> message)
    {
        var fields = default(FieldValues);
        try
        {
            var reader = new Utf8JsonReader(message, Strict);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return MediaMessage.Malformed(MediaFault.NoEvent);
            }

            TakeFields(ref reader, MediaField.None, ref fields);

            // Anything behind the object throws.
            reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter is a name whose escapes are no Unicode.
            return MediaMessage.Malformed(MediaFault.NotJson);
        }

        return ToMessage(message, in fields);
    }

    private static void TakeFields(ref Utf8JsonReader reader, MediaField parent, ref FieldValues fields)
    {
        Span<byte> name = stackalloc byte[128];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = MediaField.None;
            var camel = false;
            if (reader.ValueSpan.Length <= name.Length)
            {
                var length = reader.CopyString(name);
                field = MediaFieldNames.Find(parent, name[..length], out camel);
            }

            reader.Read();
            if (field == MediaField.None)
            {
                reader.Skip();
                continue;
            }

            var type = reader.TokenType;
            var offset = (int)reader.TokenStartIndex;
            if (type == JsonTokenType.StartObject && IsSection(field))
            {
                fields[(int)field] = new(type, offset, 0, Escaped: false, camel);
                TakeFields(ref reader, field, ref fields);
                continue;
            }

            var size = reader.ValueSpan.Length;
            var escaped = type == JsonTokenType.String && reader.ValueIsEscaped;
            if (type is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                reader.Skip();
                size = (int)reader.BytesConsumed - offset;
            }

            fields[(int)field] = new(type, type == JsonTokenType.String ? offset + 1 : offset, size, escaped, camel);
        }
    }

    private static bool IsSection(MediaField field)
        => field is MediaField.Start or MediaField.MediaFormat or MediaField.Media or MediaField.Mark or MediaField.Dtmf or MediaField.Stop;

    private static MediaMessage ToMessage(Span<byte> message, in FieldValues fields)
    {
        var word = fields.Of(MediaField.Event);
        if (!word.Present)
        {
            return MediaMessage.Malformed(MediaFault.NoEvent);
        }

        if (word.Type != JsonTokenType.String)
        {
            return MediaMessage.Malformed(MediaFault.WrongType);
        }

        ReadOnlySpan<byte> name = message.Slice(word.Offset, word.Length);
        if (word.Escaped)
        {
            name = FieldText.TryRead(message, word, FieldText.MaxLength, out var text) ? Encoding.UTF8.GetBytes(text) : [];
        }

        return Is(name, "media"u8) ? ToAudio(message, in fields)
            : Is(name, "mark"u8) ? ToMark(message, in fields)
            : Is(name, "dtmf"u8) ? ToDtmf(message, in fields)
            : Is(name, "start"u8) ? MediaStartReader.Read(message, in fields)
            : Is(name, "stop"u8) ? ToStop(message, in fields)
            : MediaMessage.Ignored;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> expected) => Ascii.EqualsIgnoreCase(name, expected);

    private static MediaMessage ToAudio(Span<byte> message, in FieldValues fields)
    {
        var payload = fields.Of(MediaField.Payload);
        if (!payload.Present)
        {
            return MediaMessage.Malformed(Missing(fields.Of(MediaField.Media)));
        }

        if (payload.Type != JsonTokenType.String)
        {
            return MediaMessage.Malformed(MediaFault.WrongType);
        }

        return Base64Payload.TryDecode(message.Slice(payload.Offset, payload.Length), payload.Escaped, out var length)
            ? MediaMessage.Audio(payload.Offset, length)
            : MediaMessage.Malformed(MediaFault.BadBase64);
    }

    private static MediaMessage ToMark(ReadOnlySpan<byte> message, in FieldValues fields)
    {
        var name = fields.Of(MediaField.MarkName);
        if (!name.Present)
        {
            return MediaMessage.Malformed(Missing(fields.Of(MediaField.Mark)));
        }

        return FieldText.IsText(name)
            ? FieldText.TryRead(message, name, FieldText.MaxLength, out var text) && text.Length > 0
                ? MediaMessage.Marked(text)
                : MediaMessage.Malformed(MediaFault.BadValue)
            : MediaMessage.Malformed(MediaFault.WrongType);
    }

    private static MediaMessage ToDtmf(ReadOnlySpan<byte> message, in FieldValues fields)
    {
        var digit = fields.Of(MediaField.Digit);
        if (!digit.Present)
        {
            return MediaMessage.Malformed(Missing(fields.Of(MediaField.Dtmf)));
        }

        return FieldText.IsText(digit)
            ? FieldText.TryRead(message, digit, 1, out var text) && text is [(>= '0' and <= '9') or '*' or '#']
                ? MediaMessage.Pressed(text[0])
                : MediaMessage.Malformed(MediaFault.BadValue)
            : MediaMessage.Malformed(MediaFault.WrongType);
    }

    private static MediaMessage ToStop(ReadOnlySpan<byte> message, in FieldValues fields)
        => MediaMessage.Stopped(FieldText.TryRead(message, fields.Of(MediaField.Reason), FieldText.MaxLength, out var text) ? text : "");

    private static MediaFault Missing(FieldValue section)
        => section.Type is JsonTokenType.None or JsonTokenType.StartObject ? MediaFault.BadValue : MediaFault.WrongType;
}
