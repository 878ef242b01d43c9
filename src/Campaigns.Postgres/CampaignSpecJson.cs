using System.Text.Json;
using System.Text.Json.Serialization;
using Campaigns.Postgres.Json;

namespace Campaigns.Postgres;

/// <summary>
/// The one JSON form of a <see cref="CampaignSpec"/>: what <c>campaigns.spec</c> holds and what the API reads and writes. camelCase members,
/// enumerations as <see cref="EnumText"/>, windows as <c>{"from":"10:00","to":"21:00","days":["MON"]}</c>, retry rules by outcome:
/// <c>{"noAnswer":{"maxAttempts":3,"backoff":["00:10:00"]}}</c>.
/// </summary>
public static class CampaignSpecJson
{
    /// <summary>Shared, read-only options; the API's other bodies use them as well.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>The JSON text of <paramref name="spec"/>, to be stored as <c>jsonb</c>.</summary>
    public static string Write(CampaignSpec spec) => JsonSerializer.Serialize(spec, Options);

    /// <summary>Reads stored JSON. Unknown members are skipped, so that an older host can read what a newer one wrote.</summary>
    /// <exception cref="JsonException">The text is not a campaign.</exception>
    public static CampaignSpec Read(string json)
        => JsonSerializer.Deserialize<CampaignSpec>(json, Options) ?? throw new JsonException("A campaign is a JSON object, not null.");

    /// <summary>Adds the converters and rules of this form to <paramref name="options"/>.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.MaxDepth = 32;
        options.Converters.Add(new DayOfWeekConverter());
        options.Converters.Add(new TimeOfDayConverter());
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new RetryPolicyConverter());
        options.Converters.Add(new EnumTextConverterFactory());
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.General)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        };
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
