using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Campaigns.Postgres.Json;

/// <summary>Instants in ISO 8601 with an offset, kept in UTC. A time without an offset would silently mean the server's own zone: refused.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    private static readonly string[] Formats =
        ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        return text.LastIndexOfAny(['Z', '+', '-']) > text.IndexOf('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var value)
                ? value
                : throw new JsonException("must be a time with an offset, like \"2026-03-01T10:00:00+05:30\" or \"2026-03-01T04:30:00Z\".");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
        => writer.WriteStringValue(value.UtcDateTime);
}
