using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Campaigns.Exotel;

/// <summary>How the reading of a callback's body ended.</summary>
public abstract record StatusCallbackResult
{
    private StatusCallbackResult()
    {
    }

    /// <summary>A callback.</summary>
    /// <param name="Callback">What it says.</param>
    public sealed record Read(StatusCallback Callback) : StatusCallbackResult;

    /// <summary>The body is longer than the limit.</summary>
    public sealed record TooLarge : StatusCallbackResult;

    /// <summary>The body is no callback.</summary>
    /// <param name="Reason">Why, without any of its contents.</param>
    public sealed record Malformed(string Reason) : StatusCallbackResult;
}

/// <summary>
/// Reads status callbacks: <c>multipart/form-data</c>, <c>application/x-www-form-urlencoded</c> and <c>application/json</c>, whichever was
/// asked for (Exotel's documentation leaves open which it sends). A body without a content type is taken for what it looks like.
/// </summary>
public static class StatusCallbackReader
{
    /// <summary>The default limit of a body: 64 kB.</summary>
    public const int MaxBody = 64 * 1024;

    private const int MaxParts = 512;

    /// <summary>Reads a body. No body whatever throws.</summary>
    /// <param name="contentType">The header's text, or null.</param>
    /// <param name="body">The body, from its start; read at most one byte beyond <paramref name="limit"/>.</param>
    /// <param name="limit">Most bytes of the body.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<StatusCallbackResult> ReadAsync(
        string? contentType, Stream body, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        var read = await BoundedBody.ReadAsync(body, limit, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (read.End != BodyEnd.Complete)
        {
            return read.End == BodyEnd.TooLarge
                ? new StatusCallbackResult.TooLarge()
                : new StatusCallbackResult.Malformed("The body broke off.");
        }

        MediaTypeHeaderValue? type = null;
        if (!string.IsNullOrWhiteSpace(contentType) && !MediaTypeHeaderValue.TryParse(contentType, out type))
        {
            return new StatusCallbackResult.Malformed("The content type is malformed.");
        }

        if (Utf8(read.Bytes, type) is not { } utf8)
        {
            return new StatusCallbackResult.Malformed("The character set is unknown.");
        }

        var media = type?.MediaType.Value?.ToLowerInvariant()
            ?? (utf8.Span.TrimStart("\uFEFF \t\r\n"u8).StartsWith("{"u8) ? "application/json" : "");
        ExotelFields? fields;
        switch (media)
        {
            case "application/json" or "text/json":
                fields = JsonFields.TryRead(utf8);
                break;
            case "application/x-www-form-urlencoded" or "":
                fields = ReadForm(utf8);
                break;
            case "multipart/form-data":
                fields = await ReadMultipartAsync(read.Bytes, type!, cancellationToken);
                break;
            default:
                return new StatusCallbackResult.Malformed("The content type is neither form nor JSON.");
        }

        return fields is null ? new StatusCallbackResult.Malformed("The body cannot be read as its content type.")
            : StatusCallback.From(fields) is { } callback ? new StatusCallbackResult.Read(callback)
            : new StatusCallbackResult.Malformed("The body has neither Status nor EventType.");
    }

    private static ReadOnlyMemory<byte>? Utf8(ReadOnlyMemory<byte> bytes, MediaTypeHeaderValue? type)
    {
        var charset = HeaderUtilities.RemoveQuotes(type?.Charset ?? default).Value;
        if (string.IsNullOrEmpty(charset) || string.Equals(charset, "utf-8", StringComparison.OrdinalIgnoreCase))
        {
            return bytes;
        }

        try
        {
            return new ReadOnlyMemory<byte>(Encoding.Convert(Encoding.GetEncoding(charset), Encoding.UTF8, bytes.ToArray()));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static ExotelFields? ReadForm(ReadOnlyMemory<byte> utf8)
    {
        var fields = new ExotelFields();
        var reader = new FormReader(Encoding.UTF8.GetString(utf8.Span)) { ValueCountLimit = MaxParts };
        try
        {
            foreach (var (name, values) in reader.ReadForm())
            {
                fields.Add(name, values.ToString());
            }

            return fields;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static async Task<ExotelFields?> ReadMultipartAsync(
        ReadOnlyMemory<byte> body, MediaTypeHeaderValue type, CancellationToken cancellationToken)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrWhiteSpace(boundary) || boundary.Length > 70)
        {
            return null;
        }

        var fields = new ExotelFields();
        var reader = new MultipartReader(boundary, new MemoryStream(body.ToArray(), writable: false));
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (fields.Count >= MaxParts)
                {
                    return null;
                }

                var name = section.GetContentDispositionHeader()?.Name.Value;
                using var text = new StreamReader(section.Body, Encoding.UTF8);
                var value = await text.ReadToEndAsync(cancellationToken);
                if (!string.IsNullOrEmpty(name))
                {
                    fields.Add(HeaderUtilities.RemoveQuotes(name).Value!, value);
                }
            }

            return fields;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return null;
        }
    }
}
