using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quickstart.Judge;

/// <summary>The run in numbers, as the last line of <c>--once</c>.</summary>
internal sealed record Result
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public required int Total { get; init; }

    /// <summary>Everybody whose last attempt came to something, those included who were promised another call.</summary>
    public required int Completed { get; init; }

    public required int NoAnswer { get; init; }

    public required int Failed { get; init; }

    public required int Skipped { get; init; }

    /// <summary>How many of <see cref="Completed"/> wait for the call that they were promised.</summary>
    public required int Promised { get; init; }

    public required int Attempts { get; init; }

    public required int CarrierDials { get; init; }

    public required int DuplicateDials { get; init; }

    /// <summary>Calls in which a person was spoken with.</summary>
    public required int Conversations { get; init; }

    /// <summary>People by the campaign's own word for the result.</summary>
    public required IReadOnlyDictionary<string, int> Dispositions { get; init; }

    public required int OptOuts { get; init; }

    /// <summary>Calls in which another call was promised.</summary>
    public required int Callbacks { get; init; }

    public required int Recordings { get; init; }

    /// <summary>Of every 20 calls 19 began to hear the agent within this many milliseconds; null when nobody answered.</summary>
    public required int? AnswerToFirstAudioMsP95 { get; init; }

    public required double Seconds { get; init; }

    public required string Engine { get; init; }

    /// <summary>Whether everybody ended in one of the four ways.</summary>
    [JsonIgnore]
    public bool AddsUp => Completed + NoAnswer + Failed + Skipped == Total;

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
