using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quickstart.Judge;

/// <summary>The run in numbers, as the last line of <c>--once</c>.</summary>
internal sealed record Result(
    int Total,
    int Completed,
    int NoAnswer,
    int Failed,
    int Skipped,
    int Attempts,
    int CarrierDials,
    int DuplicateDials,
    double Seconds,
    string Engine)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Whether everybody ended in one of the four ways.</summary>
    [JsonIgnore]
    public bool AddsUp => Completed + NoAnswer + Failed + Skipped == Total;

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
