using Campaigns.Api.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Campaigns.Api.Access;

/// <summary>Metadata of an endpoint: the largest body it reads. The server enforces it while reading.</summary>
internal sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata
{
    /// <summary>JSON bodies: 1 MB.</summary>
    internal static BodyLimit Json { get; } = new(1 << 20);

    /// <summary>Imported files: 25 MB, with room for the multipart frame.</summary>
    internal static BodyLimit File { get; } = new((25 << 20) + (64 << 10));

    /// <summary>Refuses a body that announces itself as too large at once, without reading or waiting for any of it.</summary>
    internal static async Task RefuseAnnouncedAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize is { } limit
            && context.Request.ContentLength > limit)
        {
            context.Response.Headers.Connection = "close";
            await Problem.TooLarge(limit).ExecuteAsync(context);
            return;
        }

        await next(context);
    }
}
