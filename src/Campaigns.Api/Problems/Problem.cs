using Campaigns.Stores;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Campaigns.Api.Problems;

/// <summary>Every refusal the API gives, as RFC 9457 problem details.</summary>
internal static class Problem
{
    internal static ProblemHttpResult Unauthorized()
        => Of(401, "A key is needed", "Send a valid API key as \"Authorization: Bearer ck_…\" or \"X-Api-Key: ck_…\".");

    internal static ProblemHttpResult Forbidden(ApiRole needed) => Of(403, "The key's role is too low", $"This needs the role {needed.ToText()}.");

    /// <summary>Not there, or another organization's: the answer is the same.</summary>
    internal static ProblemHttpResult NotFound() => Of(404, "Not found", "There is nothing at this address.");

    /// <summary>On record, but not to be had from this host.</summary>
    internal static ProblemHttpResult NotFound(string detail) => Of(404, "Not here", detail);

    internal static ProblemHttpResult TooLarge(long limit) => Of(413, "The body is too large", $"At most {limit} bytes are read here.");

    internal static ProblemHttpResult Conflict(string title, string detail) => Of(409, title, detail);

    /// <summary>The request belongs to another kind of host.</summary>
    internal static ProblemHttpResult Misdirected(string detail) => Of(421, "Not served here", detail);

    internal static ProblemHttpResult Unavailable(string detail) => Of(503, "Not available at the moment", detail);

    internal static ProblemHttpResult TimedOut(string detail) => Of(504, "Timed out", detail);

    internal static ProblemHttpResult Malformed(string detail) => Of(400, "The request cannot be read", detail);

    /// <summary>Everything that is wrong with the request, by member.</summary>
    internal static ProblemHttpResult Invalid(IReadOnlyDictionary<string, string[]> errors, int status = 400)
        => TypedResults.Problem(new HttpValidationProblemDetails(errors.ToDictionary(pair => pair.Key, pair => pair.Value))
        {
            Status = status,
            Title = "The request is not valid",
            Detail = $"{errors.Values.Sum(messages => messages.Length)} error(s); nothing was changed.",
        });

    private static ProblemHttpResult Of(int status, string title, string detail)
        => TypedResults.Problem(detail: detail, statusCode: status, title: title);
}
