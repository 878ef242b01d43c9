using Campaigns.Stores;

namespace Campaigns.Api.Access;

/// <summary>Metadata of an endpoint: the least role that may use it. The last one named on an endpoint counts.</summary>
internal sealed record RequiredRole(ApiRole Role);

internal static class RequiredRoleExtensions
{
    internal static TBuilder Requires<TBuilder>(this TBuilder builder, ApiRole role)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new RequiredRole(role));
}
