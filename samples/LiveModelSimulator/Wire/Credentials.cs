using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LiveModelSimulator;

/// <summary>An HTTP refusal.</summary>
internal sealed record HttpRefusal(int Status, string Message);

/// <summary>The platforms' credentials: an API key on the Developer API, a bearer token on Vertex.</summary>
internal static class Credentials
{
    /// <summary>Null if the request may pass.</summary>
    public static HttpRefusal? Check(HttpRequest request, Platform platform, LiveModelSimulatorOptions options)
    {
        if (platform == Platform.Vertex)
        {
            var given = request.Headers.Authorization.ToString();
            return given.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && Same(given[7..].Trim(), options.AccessToken) ? null
                : new HttpRefusal(401, "Request had invalid authentication credentials. Expected OAuth 2 access token.");
        }

        var key = request.Headers["x-goog-api-key"].ToString();
        key = key.Length > 0 ? key : request.Query["key"].ToString();
        return key.Length == 0 ? new HttpRefusal(403, "Method doesn't allow unregistered callers. Please use API Key.")
            : Same(key, options.ApiKey) ? null
            : new HttpRefusal(401, "API key not valid. Please pass a valid API key.");
    }

    private static bool Same(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
