using Campaigns.Calls;
using Campaigns.Carrier;
using Campaigns.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Campaigns.Exotel.Media;

/// <summary>Where Exotel opens the media socket of a call.</summary>
public static class ExotelMedia
{
    /// <summary>The route of calls that we place.</summary>
    public const string Route = "/media/exotel/{session}/{token}";

    /// <summary>The route of calls that come in.</summary>
    public const string InboundRoute = "/media/exotel/inbound/{agent}/{secret}";

    /// <summary>
    /// Adds what <see cref="MapExotelMedia"/> needs. The host adds <see cref="ISessionGates"/>, <see cref="IInboundGates"/> and
    /// <see cref="IMediaCalls"/>, and <see cref="IMediaGate"/> before this if it takes sockets at some times only.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The section of <see cref="ExotelMediaOptions"/>; wrong options fail the start, naming every error.</param>
    public static IServiceCollection AddExotelMedia(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.AddOptions<ExotelMediaOptions>().Bind(section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ExotelMediaOptions>, ExotelMediaOptionsValidator>());

        // Also keeps paths, which hold secrets, out of the framework's logs.
        services.AddExotelWebhooks();
        services.TryAddSingleton<MediaSlots>();
        services.TryAddSingleton<IMediaGate, OpenGate>();
        return services;
    }

    /// <summary>
    /// Maps both endpoints; the host need not use the WebSocket middleware. Before the upgrade: 404: the secret is unknown, wrong, malformed or
    /// expired, without a difference. 409: the secret is used up, or the session over. 426: not a WebSocket. 503: too many sockets, the host
    /// stops or takes no more of them, or the secret cannot be checked. Afterwards a refused call is closed with 1008, an ended one with 1000.
    /// </summary>
    public static IEndpointConventionBuilder MapExotelMedia(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);

        // Made at the first socket: the stores may not be ready while routes are being mapped.
        var endpoint = new Lazy<MediaEndpoint>(() => ActivatorUtilities.CreateInstance<MediaEndpoint>(endpoints.ServiceProvider));
        var group = endpoints.MapGroup("").AllowAnonymous().ExcludeFromDescription().WithMetadata(new DisableRequestTimeoutAttribute());
        group.MapGet(Route, Pipeline(context => endpoint.Value.HandleSessionAsync(context)));
        group.MapGet(InboundRoute, Pipeline(context => endpoint.Value.HandleInboundAsync(context)));
        return group;

        RequestDelegate Pipeline(RequestDelegate handle)
        {
            var pipeline = endpoints.CreateApplicationBuilder();
            pipeline.UseWebSockets();
            pipeline.Run(handle);
            return pipeline.Build();
        }
    }

    private sealed class OpenGate : IMediaGate, IDisposable
    {
        public IDisposable TryEnter(CallDirection direction) => this;

        public void Dispose()
        {
            // Nobody counts.
        }
    }
}
