namespace Campaigns.GeminiLive.Platform;

/// <summary>Where requests go, and how models are named there.</summary>
internal static class GeminiAddresses
{
    /// <summary>The WebSocket of conversations. It holds no secret.</summary>
    internal static Uri Live(GeminiOptions options)
        => Join(options, secure: Uri.UriSchemeWss, plain: Uri.UriSchemeWs, options.Platform == GeminiPlatform.Vertex
            ? "ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent"
            : "ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent");

    /// <summary>The request that distils a conversation.</summary>
    internal static Uri Generate(GeminiOptions options)
        => Join(options, secure: Uri.UriSchemeHttps, plain: Uri.UriSchemeHttp, options.Platform == GeminiPlatform.Vertex
            ? $"v1/{VertexModel(options, options.ExtractionModel)}:generateContent"
            : $"v1beta/models/{options.ExtractionModel}:generateContent");

    /// <summary>The live model's name in a setup.</summary>
    internal static string LiveModel(GeminiOptions options)
        => options.Platform == GeminiPlatform.Vertex ? VertexModel(options, options.Model) : $"models/{options.Model}";

    /// <summary>The platform's own host.</summary>
    internal static string Host(GeminiOptions options) => (options.Platform, options.Location) switch
    {
        (GeminiPlatform.Developer, _) => "generativelanguage.googleapis.com",
        (_, "global") => "aiplatform.googleapis.com",

        // A multi-region is one word: us, eu.
        (_, { } place) when !place.Contains('-') => $"aiplatform.{place}.rep.googleapis.com",
        (_, { } place) => $"{place}-aiplatform.googleapis.com",
    };

    private static string VertexModel(GeminiOptions options, string model)
        => $"projects/{options.Project}/locations/{options.Location}/publishers/google/models/{model}";

    private static Uri Join(GeminiOptions options, string secure, string plain, string path)
    {
        if (options.BaseAddress is not { } root)
        {
            return new Uri($"{secure}://{Host(options)}/{path}");
        }

        var scheme = root.Scheme is "https" or "wss" ? secure : plain;
        return new Uri($"{scheme}://{root.Authority}{root.AbsolutePath.TrimEnd('/')}/{path}");
    }
}
