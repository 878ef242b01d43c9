using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quickstart.Operate;

/// <summary>The API refused a request. The message holds its problem details.</summary>
internal sealed class ApiException(HttpMethod method, string path, HttpStatusCode status, string body)
    : Exception($"{method} {path} was answered with {(int)status}: {Explain(body)}")
{
    public HttpStatusCode Status => status;

    /// <summary>Whether what was asked for is at fault, and not the server.</summary>
    public bool IsOurFault => (int)status is >= 400 and < 500;

    private static string Explain(string body)
    {
        try
        {
            if (JsonNode.Parse(body) is not JsonObject problem)
            {
                return body;
            }

            string?[] lines = [problem["title"]?.ToString(), problem["detail"]?.ToString(), problem["errors"]?.ToJsonString(), problem["rowErrors"]?.ToJsonString()];
            return string.Join(' ', lines.Where(l => l is not null));
        }
        catch (JsonException)
        {
            return body;
        }
    }
}
