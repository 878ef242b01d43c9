using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Json;

namespace Campaigns.Exotel.Media;

/// <summary>Reads the beginning of a stream.</summary>
internal static class MediaStartReader
{
    // Exotel: at most 3 pairs of 256 characters in all. What is beyond these is left out.
    private const int MaxParameters = 16;
    private const int MaxParameterLength = 256;

    internal static MediaMessage Read(ReadOnlySpan<byte> message, in FieldValues fields)
    {
        var stream = Either(fields.Of(MediaField.StartStreamSid), fields.Of(MediaField.StreamSid));
        var call = Either(fields.Of(MediaField.StartCallSid), fields.Of(MediaField.CallSid));
        if ((stream.Present && !FieldText.IsText(stream)) || (call.Present && !FieldText.IsText(call)))
        {
            return MediaMessage.Malformed(MediaFault.WrongType);
        }

        if (!FieldText.TryRead(message, stream, FieldText.MaxLength, out var streamSid) || streamSid.Length == 0
            || !FieldText.TryRead(message, call, FieldText.MaxLength, out var callSid) || callSid.Length == 0)
        {
            return MediaMessage.Malformed(MediaFault.BadValue);
        }

        return MediaMessage.Began(new MediaStartMessage(
            streamSid,
            callSid,
            FieldText.TryRead(message, fields.Of(MediaField.From), FieldText.MaxLength, out var from) ? from : "",
            FieldText.TryRead(message, fields.Of(MediaField.To), FieldText.MaxLength, out var to) ? to : "",
            SampleRate(message, fields.Of(MediaField.SampleRate)),
            Parameters(message, fields.Of(MediaField.CustomParameters)),
            Either(fields.Of(MediaField.StreamSid), fields.Of(MediaField.StartStreamSid)).Camel ? NamingStyle.Camel : NamingStyle.Snake));
    }

    private static FieldValue Either(FieldValue first, FieldValue second) => first is { Present: true, Length: > 0 } ? first : second;

    private static int SampleRate(ReadOnlySpan<byte> message, FieldValue value)
    {
        if (!FieldText.IsText(value))
        {
            return 0;
        }

        var text = message.Slice(value.Offset, value.Length);
        return Utf8Parser.TryParse(text, out double rate, out var used) && used == text.Length && rate is 8_000 or 16_000 or 24_000 ? (int)rate : 0;
    }

    private static ImmutableDictionary<string, string> Parameters(ReadOnlySpan<byte> message, FieldValue value)
    {
        if (value.Type != JsonTokenType.StartObject)
        {
            return ImmutableDictionary<string, string>.Empty;
        }

        var parameters = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(message.Slice(value.Offset, value.Length));
            reader.Read();
            while (parameters.Count < MaxParameters && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString() ?? "";
                reader.Read();
                var text = reader.TokenType switch
                {
                    JsonTokenType.String => reader.GetString(),
                    JsonTokenType.Number => System.Text.Encoding.ASCII.GetString(reader.ValueSpan),
                    JsonTokenType.True => "true",
                    JsonTokenType.False => "false",
                    _ => null,
                };
                reader.Skip();
                if (text is { Length: <= MaxParameterLength } && name.Length is > 0 and <= MaxParameterLength)
                {
                    parameters[name] = text;
                }
            }
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: the parameters read so far are kept.
        }

        return parameters.ToImmutable();
    }
}
