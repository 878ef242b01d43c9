using Campaigns.Api.Problems;

namespace Campaigns.Api;

/// <summary>What a media socket gets that comes to an API which holds no calls: 421, and where it belongs.</summary>
internal static class MediaRefusal
{
    internal static void Map(IEndpointRouteBuilder app)
        => app.MapGet(
                "/media/{**rest}",
                () => Problem.Misdirected("Media sockets are taken by silos: Campaigns:Exotel:MediaBaseAddress must lead to them, and not to the API."))
            .AllowAnonymous()
            .ExcludeFromDescription();
}
