using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Campaigns.Api.Import;

/// <summary>The file of a request: the body itself, or the one file part of a multipart form. It is never held in memory or on disk.</summary>
/// <param name="Content">The file's bytes as they arrive.</param>
/// <param name="FileName">As the client names it, if it does.</param>
internal sealed record UploadedFile(Stream Content, string? FileName)
{
    private const int LongestBoundary = 100;

    private static readonly string[] Raw = ["text/csv", "text/plain", "text/tab-separated-values", "application/csv", "application/vnd.ms-excel"];

    /// <summary>The file, or null with what is wrong in <c>problem</c>.</summary>
    internal static async Task<(UploadedFile? File, string? Problem)> FindAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return (null, "Send the file as Content-Type: text/csv, or as the file part of multipart/form-data.");
        }

        if (Raw.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase))
        {
            return (new UploadedFile(request.Body, null), null);
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (!type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) || boundary is not { Length: > 0 and <= LongestBoundary })
        {
            return (null, "Send the file as Content-Type: text/csv, or as the file part of multipart/form-data.");
        }

        // Sections are read in their order: what follows the file would only arrive after it.
        var reader = new MultipartReader(boundary, request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 4096 };
        var section = await reader.ReadNextSectionAsync(cancellationToken);
        return section?.AsFileSection() is { FileStream: { } content } part
            ? (new UploadedFile(content, part.FileName), null)
            : (null, "The first part of the form must be the file; mode and mapping are query parameters.");
    }
}
