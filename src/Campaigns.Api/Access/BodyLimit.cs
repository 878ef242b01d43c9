using System.Buffers;
using Campaigns.Api.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Campaigns.Api.Access;

/// <summary>Metadata of an endpoint: the largest body it reads. The server enforces it while reading.</summary>
internal sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>JSON bodies: 1 MB.</summary>
    internal static BodyLimit Json { get; } = new(1 << 20);

    /// <summary>Imported files: 25 MB, with room for the multipart frame.</summary>
    internal static BodyLimit File { get; } = new((25 << 20) + (64 << 10));

    /// <summary>
    /// Answers a body that announces itself as too large at once, and then throws away for a moment what still comes: a client that sends before
    /// it reads would otherwise see a broken connection instead of the answer.
    /// </summary>
    internal static async Task RefuseAnnouncedAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize is not { } limit
            || context.Request.ContentLength is not { } length
            || length <= limit)
        {
            await next(context);
            return;
        }

        context.Response.Headers.Connection = "close";
        await Problem.TooLarge(limit).ExecuteAsync(context);
        await context.Response.CompleteAsync();
        if (context.Request.Headers.Expect.Count == 0)
        {
            await DiscardAsync(context);
        }
    }

    private static async Task DiscardAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(Patience);
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            while (await context.Request.Body.ReadAsync(buffer, patience.Token) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // Time is up, or the client has gone: the connection is closed either way.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
