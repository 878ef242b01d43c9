using System.Reflection;
using System.Text.Json;
using Campaigns.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Campaigns.Api.Input;

/// <summary>Something bound from the request that may turn out not to be usable.</summary>
internal interface IRefusable
{
    /// <summary>The answer, when it is not usable.</summary>
    ProblemHttpResult? Refusal { get; }
}

/// <summary>A JSON body of <typeparamref name="T"/>. <see cref="Value"/> is set wherever an endpoint runs: a refusal is answered before.</summary>
internal sealed class Body<T> : IRefusable, IEndpointParameterMetadataProvider
    where T : class
{
    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    private Body(T? value, ProblemHttpResult? refusal)
    {
        Value = value!;
        Refusal = refusal;
    }

    public T Value { get; }

    public ProblemHttpResult? Refusal { get; }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
        => builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    public static async ValueTask<Body<T>> BindAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            return Refuse(TypedResults.Problem(
                statusCode: 415, title: "Not a JSON body", detail: "Send the body as Content-Type: application/json."));
        }

        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, DocumentOptions, context.RequestAborted);
            var errors = new Errors();
            JsonText.Check(document.RootElement, "", errors);
            if (!errors.Any)
            {
                JsonShape.Check(document.RootElement, typeof(T), options, "", errors);
            }

            return errors.Refusal is { } refusal ? Refuse(refusal) : new Body<T>(document.Deserialize<T>(options)!, null);
        }
        catch (JsonException exception)
        {
            return Refuse(Problem.Malformed(exception.LineNumber is { } line
                ? $"The body is not valid JSON at line {line + 1}, byte {exception.BytePositionInLine + 1} of that line."
                : "The body is not valid JSON: a member stands twice, or it is nested too deeply."));
        }

        static Body<T> Refuse(ProblemHttpResult refusal) => new(null, refusal);
    }
}
