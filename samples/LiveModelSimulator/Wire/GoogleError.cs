using Microsoft.AspNetCore.Http;

namespace LiveModelSimulator;

/// <summary>Errors in the shape that Google's REST APIs have in common.</summary>
internal static class GoogleError
{
    public static Task WriteAsync(HttpContext context, int status, string message, string? field = null)
    {
        context.Response.StatusCode = status;
        object body = field is null
            ? new { code = status, message, status = Name(status) }
            : new { code = status, message, status = Name(status), details = new[] { Violation(field, message) } };
        return context.Response.WriteAsJsonAsync(new { error = body }, context.RequestAborted);
    }

    private static Dictionary<string, object> Violation(string field, string description) => new(StringComparer.Ordinal)
    {
        ["@type"] = "type.googleapis.com/google.rpc.BadRequest",
        ["fieldViolations"] = new[] { new { field, description } },
    };

    private static string Name(int status) => status switch
    {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "INTERNAL",
    };
}
