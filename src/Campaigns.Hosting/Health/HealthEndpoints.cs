using System.Collections.Immutable;
using System.Reflection;
using Campaigns.Hosting.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Campaigns.Hosting.Health;

/// <summary>
/// <c>/health</c>, <c>/health/live</c>, <c>/health/ready</c> and <c>/version</c>; open to all, and silent about anything but the host itself.
/// </summary>
public static class HealthEndpoints
{
    /// <summary>The version of this build.</summary>
    public static string BuildVersion { get; } =
        typeof(HealthEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Adds the condition that every host has: its database. Others add their own <see cref="IReadiness"/>.</summary>
    public static IServiceCollection AddCampaignsHealth(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadiness, SchemaReadiness>());
        return services;
    }

    /// <summary>Maps them. 503 with the reasons as long as a condition does not hold; <c>/health</c> answers 200 all the same, with each by name.</summary>
    public static void MapCampaignsHealth(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("").WithTags("Health").AllowAnonymous();
        group.MapGet("/health/live", () => TypedResults.Ok(new Health("live", OrleansEngine.Name))).WithSummary("The process answers");
        group.MapGet("/health/ready", ReadyAsync).WithSummary("The host takes work: its database has this build's schema, and its cluster is there");
        group.MapGet("/health", DetailsAsync).WithSummary("Each condition of being ready, and what the host is doing");
        group.MapGet("/version", () => TypedResults.Ok(new VersionBody("Campaigns.Orleans", BuildVersion, OrleansEngine.Name)))
            .WithSummary("The build and its Orleans engine");
    }

    private static async Task<Results<Ok<Health>, ProblemHttpResult>> ReadyAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var complaints = (await LookAsync(context, cancellationToken)).Select(check => check.Complaint).OfType<string>().ToArray();
        return complaints.Length == 0
            ? TypedResults.Ok(new Health("ready", OrleansEngine.Name))
            : TypedResults.Problem(
                detail: string.Join(' ', complaints), statusCode: StatusCodes.Status503ServiceUnavailable, title: "Not available at the moment");
    }

    private static async Task<Ok<HealthDetails>> DetailsAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var checks = await LookAsync(context, cancellationToken);
        var details = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var detail in context.RequestServices.GetServices<IHealthDetail>())
        {
            details[detail.Name] = await detail.ReadAsync(cancellationToken);
        }

        return TypedResults.Ok(new HealthDetails(
            checks.All(check => check.Complaint is null) ? "ready" : "not ready",
            OrleansEngine.Name,
            BuildVersion,
            checks.ToImmutableSortedDictionary(check => check.Name, check => check.Complaint ?? "ok", StringComparer.Ordinal),
            details));
    }

    private static async Task<IReadOnlyList<(string Name, string? Complaint)>> LookAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var checks = new List<(string, string?)>();
        foreach (var readiness in context.RequestServices.GetServices<IReadiness>())
        {
            checks.Add((readiness.Name, await readiness.ComplaintAsync(cancellationToken)));
        }

        return checks;
    }

    internal sealed record Health(string Status, string Engine);

    internal sealed record HealthDetails(
        string Status, string Engine, string Version, ImmutableSortedDictionary<string, string> Checks,
        SortedDictionary<string, object> Details);

    internal sealed record VersionBody(string Name, string Version, string Engine);
}
