using System.Reflection;

namespace Campaigns.Api.Input;

/// <summary>
/// Filter of every endpoint: answers for a body that cannot be used, and refuses query parameters nobody reads. A filter with a slip in its
/// name would otherwise quietly widen a list.
/// </summary>
internal static class RefuseBadInput
{
    internal static EndpointFilterDelegate Create(EndpointFilterFactoryContext endpoint, EndpointFilterDelegate next)
    {
        var known = endpoint.MethodInfo.GetParameters().SelectMany(Names).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return async context =>
        {
            var errors = new Errors();
            foreach (var name in context.HttpContext.Request.Query.Keys.Where(name => !known.Contains(name)))
            {
                errors.Add(name, known.Count == 0 ? "is not a parameter here" : $"is not a parameter here; known are {string.Join(", ", known)}");
            }

            return (object?)errors.Refusal
                ?? context.Arguments.OfType<IRefusable>().Select(argument => argument.Refusal).FirstOrDefault(refusal => refusal is not null)
                ?? await next(context);
        };
    }

    private static IEnumerable<string> Names(ParameterInfo parameter)
        => parameter.GetCustomAttribute<AsParametersAttribute>() is not null
            ? parameter.ParameterType.GetProperties().Where(property => property.PropertyType == typeof(string)).Select(property => Camel(property.Name))
            : parameter.ParameterType == typeof(string) ? [parameter.Name!] : [];

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
