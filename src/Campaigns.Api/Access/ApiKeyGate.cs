using System.Security.Cryptography;
using Campaigns.Api.Problems;
using Campaigns.Postgres.Catalog;
using Campaigns.Stores;

namespace Campaigns.Api.Access;

/// <summary>
/// Lets a request to an organization's endpoint through when its key opens that very organization. No or an unknown key: 401. Another
/// organization's slug, or one that does not exist: 404, the same for both. A role too low: 403. It runs before any of the body is read.
/// </summary>
internal sealed class ApiKeyGate(RequestDelegate next, IOrganizationStore organizations)
{
    private const string Bearer = "Bearer ";
    private const int LongestKey = 160;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequiredRole>() is not { } required)
        {
            await next(context);
            return;
        }

        if (await FindAsync(context) is not { } key)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Problem.Unauthorized().ExecuteAsync(context);
            return;
        }

        var refusal = !string.Equals(key.Organization.Slug, context.GetRouteValue("slug") as string, StringComparison.Ordinal) ? Problem.NotFound()
            : key.Role < required.Role ? Problem.Forbidden(required.Role)
            : null;
        if (refusal is not null)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        context.Features.Set(new Caller(key.Organization, key.Name, key.Role));
        await next(context);
    }

    private async Task<ApiKeyRecord?> FindAsync(HttpContext context)
    {
        if (ReadKey(context.Request.Headers) is not { Length: > 0 and <= LongestKey } text)
        {
            return null;
        }

        var hash = ApiKeyText.Hash(text);
        var key = await organizations.FindKeyAsync(hash, context.RequestAborted);
        return key is not null && CryptographicOperations.FixedTimeEquals(key.KeyHash, hash) ? key : null;
    }

    private static string? ReadKey(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim()
            : headers["X-Api-Key"].ToString();
    }
}
