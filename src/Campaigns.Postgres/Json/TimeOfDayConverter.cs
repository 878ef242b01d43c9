using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Campaigns.Postgres.Json;

/// <summary>Times of day as <c>HH:mm</c>, 24 hours; seconds are refused because windows are whole minutes.</summary>
internal sealed class TimeOfDayConverter : JsonConverter<TimeOnly>
{
    private const string Format = "HH:mm";

    public override TimeOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.String
            && TimeOnly.TryParseExact(reader.GetString(), Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var value)
                ? value
                : throw new JsonException("must be a time of day like \"09:30\", from 00:00 to 23:59.");

    public override void Write(Utf8JsonWriter writer, TimeOnly value, JsonSerializerOptions options)
        => writer.WriteStringValue(value.ToString(Format, CultureInfo.InvariantCulture));
}
