using System.Text.Json;
using System.Text.Json.Serialization;

namespace Campaigns.Postgres.Json;

/// <summary>Enumerations of ours as <see cref="EnumText"/>. Numbers are refused.</summary>
internal sealed class EnumTextConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum && typeToConvert.Assembly == typeof(EnumText).Assembly;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
        => (JsonConverter)Activator.CreateInstance(typeof(EnumTextConverter<>).MakeGenericType(typeToConvert))!;

    private sealed class EnumTextConverter<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly string Choices = string.Join(", ", Enum.GetValues<T>().Select(value => value.ToText()));

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => reader.TokenType == JsonTokenType.String && EnumText.TryParse<T>(reader.GetString(), out var value)
                ? value
                : throw new JsonException($"must be one of {Choices}.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToText());
    }
}
