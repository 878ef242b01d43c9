using System.Text.Json;
using System.Text.Json.Serialization;

namespace Campaigns.Postgres.Json;

/// <summary>Days as <c>MON</c> … <c>SUN</c>.</summary>
internal sealed class DayOfWeekConverter : JsonConverter<DayOfWeek>
{
    private static readonly string[] Names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    public override DayOfWeek Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        var index = Array.FindIndex(Names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? (DayOfWeek)index : throw new JsonException("must be one of MON, TUE, WED, THU, FRI, SAT, SUN.");
    }

    public override void Write(Utf8JsonWriter writer, DayOfWeek value, JsonSerializerOptions options) => writer.WriteStringValue(Names[(int)value]);
}
