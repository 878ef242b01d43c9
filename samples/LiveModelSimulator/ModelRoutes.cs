using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LiveModelSimulator;

/// <summary>The paths of the two platforms. They are case-sensitive, and end in a method after a colon, which routing cannot match.</summary>
internal static class ModelRoutes
{
    private const string Method = ":generateContent";

    public static void Map(IEndpointRouteBuilder routes, LiveEndpoint live, ExtractionApi extraction) =>
        routes.Map("/{**path}", context => context.Request.Path.Value!.Split('/')[1..] switch
        {
            ["ws", "google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"] =>
                live.HandleAsync(context, Platform.Developer, "v1beta"),
            ["ws", "google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent"] =>
                live.HandleAsync(context, Platform.Developer, "v1alpha"),
            ["ws", "google.cloud.aiplatform.v1beta1.LlmBidiService", "BidiGenerateContent"] =>
                live.HandleAsync(context, Platform.Vertex, "v1beta1"),
            [("v1beta" or "v1alpha") and var version, "models", var method] when Posts(context, method) =>
                extraction.HandleAsync(context, Platform.Developer, version, method[..^Method.Length]),
            [("v1" or "v1beta1") and var version, "projects", { Length: > 0 }, "locations", { Length: > 0 }, "publishers", "google", "models", var method]
                when Posts(context, method) => extraction.HandleAsync(context, Platform.Vertex, version, method[..^Method.Length]),
            _ => GoogleError.WriteAsync(context, 404, $"{context.Request.Method} {context.Request.Path} was not found."),
        });

    private static bool Posts(HttpContext context, string method) =>
        HttpMethods.IsPost(context.Request.Method) && method.EndsWith(Method, StringComparison.Ordinal);
}
