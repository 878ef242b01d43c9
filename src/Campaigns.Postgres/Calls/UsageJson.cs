using System.Text.Json;
using Campaigns.LiveModel;

namespace Campaigns.Postgres.Calls;

/// <summary>The JSON form of tokens: <c>{"inputText":1,"inputAudio":2,"outputText":3,"outputAudio":4}</c>.</summary>
internal static class UsageJson
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    internal static string Write(LiveUsage usage) => JsonSerializer.Serialize(usage, Options);

    internal static LiveUsage Read(string json) => JsonSerializer.Deserialize<LiveUsage>(json, Options);
}
