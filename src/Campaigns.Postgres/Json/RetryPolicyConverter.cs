using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Campaigns.Postgres.Json;

/// <summary>
/// A retry policy as an object of rules by outcome, <c>{"noAnswer":{"maxAttempts":3,"backoff":["00:10:00"]}}</c>. It replaces the default
/// policy as a whole: an outcome without a rule is final. <c>backoff</c> may be left out (at once).
/// </summary>
internal sealed class RetryPolicyConverter : JsonConverter<RetryPolicy>
{
    private static readonly FrozenDictionary<string, CallOutcome> Outcomes =
        Enum.GetValues<CallOutcome>().ToFrozenDictionary(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

    public override RetryPolicy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        Require(document.RootElement, JsonValueKind.Object, "must be an object of rules by outcome, like {\"noAnswer\":{\"maxAttempts\":3}}.");
        var rules = ImmutableDictionary.CreateBuilder<CallOutcome, RetryRule>();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (!Outcomes.TryGetValue(member.Name, out var outcome))
            {
                throw new JsonException($"{member.Name} is no outcome; known are {string.Join(", ", Outcomes.Keys.Order(StringComparer.Ordinal))}.");
            }

            rules[outcome] = ReadRule(member.Name, member.Value);
        }

        return new RetryPolicy { Rules = rules.ToImmutable() };
    }

    public override void Write(Utf8JsonWriter writer, RetryPolicy value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (outcome, rule) in value.Rules.OrderBy(pair => pair.Key))
        {
            writer.WriteStartObject(JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString()));
            writer.WriteNumber("maxAttempts", rule.MaxAttempts);
            writer.WriteStartArray("backoff");
            foreach (var wait in rule.Backoff)
            {
                writer.WriteStringValue(wait.ToString("c", CultureInfo.InvariantCulture));
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static RetryRule ReadRule(string name, JsonElement rule)
    {
        Require(rule, JsonValueKind.Object, $"{name} must be an object like {{\"maxAttempts\":3,\"backoff\":[\"00:10:00\"]}}.");
        int? maxAttempts = null;
        ImmutableArray<TimeSpan> backoff = [];
        foreach (var member in rule.EnumerateObject())
        {
            switch (member.Name)
            {
                case "maxAttempts":
                    maxAttempts = member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var number)
                        ? number
                        : throw new JsonException($"{name}.maxAttempts must be a whole number.");
                    break;
                case "backoff":
                    Require(member.Value, JsonValueKind.Array, $"{name}.backoff must be a list of waits like \"00:10:00\".");
                    backoff = [.. member.Value.EnumerateArray().Select(wait => ReadWait(name, wait))];
                    break;
                default:
                    throw new JsonException($"{name}.{member.Name} is no member of a rule; known are maxAttempts, backoff.");
            }
        }

        return new RetryRule(maxAttempts ?? throw new JsonException($"{name}.maxAttempts is missing."), backoff);
    }

    private static TimeSpan ReadWait(string name, JsonElement wait)
        => wait.ValueKind == JsonValueKind.String
            && TimeSpan.TryParseExact(wait.GetString(), "c", CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new JsonException($"{name}.backoff must hold waits like \"00:10:00\" (hours:minutes:seconds).");

    private static void Require(JsonElement element, JsonValueKind kind, string message)
    {
        if (element.ValueKind != kind)
        {
            throw new JsonException(message);
        }
    }
}
