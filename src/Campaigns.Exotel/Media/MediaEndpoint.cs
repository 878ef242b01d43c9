using System.Diagnostics;
using System.Net.WebSockets;
using Campaigns.Calls;
using Campaigns.Carrier;
using Campaigns.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.Exotel.Media;

/// <summary>Takes one media socket: secret first, then the upgrade, then <c>start</c>, then the call.</summary>
internal sealed partial class MediaEndpoint(
    IServiceProvider services,
    IMediaCalls calls,
    MediaSlots slots,
    IMediaGate gate,
    IOptions<ExotelMediaOptions> options,
    IHostApplicationLifetime lifetime,
    ExotelTelemetry telemetry,
    TimeProvider clock,
    ILogger<MediaEndpoint> logger)
{
    private const int UsualRate = 8_000;

    private readonly MediaDoor door = ActivatorUtilities.CreateInstance<MediaDoor>(services);
    private readonly ExotelMediaOptions options = options.Value;

    internal Task HandleSessionAsync(HttpContext context)
    {
        var session = Id(context, "session");
        var token = context.GetRouteValue("token") as string;
        return HandleAsync(context, CallDirection.Outbound, session, deadline => door.CheckSessionAsync(session, token, deadline), calls.RunAsync);
    }

    internal Task HandleInboundAsync(HttpContext context)
    {
        var agent = Id(context, "agent");
        var secret = context.GetRouteValue("secret") as string;
        return HandleAsync(context, CallDirection.Inbound, agent, deadline => door.CheckAgentAsync(agent, secret, deadline), calls.RunInboundAsync);
    }

    private static Guid Id(HttpContext context, string name)
        => Guid.TryParseExact(context.GetRouteValue(name) as string, "D", out var id) ? id : Guid.Empty;

    private async Task HandleAsync(
        HttpContext context,
        CallDirection direction,
        Guid id,
        Func<CancellationToken, Task<MediaAdmission>> check,
        Func<Guid, IMediaLeg, CancellationToken, Task<string?>> run)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            Refuse(context, StatusCodes.Status503ServiceUnavailable, "stopping");
            return;
        }

        switch (await CheckAsync(check, id))
        {
            case null:
                Refuse(context, StatusCodes.Status503ServiceUnavailable, "unavailable");
                return;
            case MediaAdmission.Unknown:
                LogUnknown();
                Refuse(context, StatusCodes.Status404NotFound, "unknown");
                return;
            case MediaAdmission.Used:
                LogUsed(id);
                Refuse(context, StatusCodes.Status409Conflict, "used");
                return;
            case MediaAdmission.Admitted when !context.WebSockets.IsWebSocketRequest:
                context.Response.Headers.Upgrade = "websocket";
                Refuse(context, StatusCodes.Status426UpgradeRequired, "not_websocket");
                return;
        }

        using var entry = gate.TryEnter(direction);
        if (entry is null)
        {
            LogDraining(id, direction);
            Refuse(context, StatusCodes.Status503ServiceUnavailable, "draining");
            return;
        }

        if (!slots.TryTake())
        {
            LogFull(id, options.MaxConnections);
            Refuse(context, StatusCodes.Status503ServiceUnavailable, "full");
            return;
        }

        telemetry.Media.OnOpened();
        try
        {
            await ServeAsync(context, direction, id, run);
        }
        finally
        {
            slots.Release();
            telemetry.Media.OnClosed();
        }
    }

    // Null: it could not be checked.
    private async Task<MediaAdmission?> CheckAsync(Func<CancellationToken, Task<MediaAdmission>> check, Guid id)
    {
        using var deadline = new CancellationTokenSource(options.HandshakeTimeout, clock);
        try
        {
            return await check(deadline.Token);
        }
        catch (Exception e)
        {
            LogCheckFailed(id, e);
            return null;
        }
    }

    private void Refuse(HttpContext context, int status, string reason)
    {
        telemetry.Media.OnRefused(reason);
        context.Response.StatusCode = status;
    }

    // A caller's session is known once its stream has begun: the socket's span has a trace of its own, which is nobody's outside to decide about.
    private static Activity? Trace(CallDirection direction, Guid id)
    {
        const string Name = "exotel media";
        if (direction == CallDirection.Outbound)
        {
            return SessionTrace.Start(ExotelTelemetry.Activities, Name, ActivityKind.Server, id)?.SetTag("campaigns.direction", direction.ToText());
        }

        var request = Activity.Current;
        Activity.Current = null;
        ActivityLink[] cause = request is null ? [] : [new ActivityLink(request.Context)];
        var activity = ExotelTelemetry.Activities.StartActivity(Name, ActivityKind.Server, parentContext: default, links: cause)
            ?.SetTag("campaigns.direction", direction.ToText()).SetTag("campaigns.agent.id", id.ToString());
        Activity.Current = activity ?? request;
        return activity;
    }

    private async Task ServeAsync(HttpContext context, CallDirection direction, Guid id, Func<Guid, IMediaLeg, CancellationToken, Task<string?>> run)
    {
        using var activity = Trace(direction, id);

        // Audio is watched by our own times; the server's least rate would end a slow reader without a word.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } slowest)
        {
            slowest.MinDataRate = null;
        }

        // No pings: audio comes all the time, and its absence is watched.
        var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        var link = new MediaLink(socket, context.Abort);
        var leg = new MediaConnection(link, RequestedRate(context), options, clock, telemetry.Media, logger);
        var (status, detail) = (WebSocketCloseStatus.NormalClosure, "The call is over.");
        try
        {
            LogOpened(id);
            (status, detail) = await RunAsync(id, leg, run);
        }
        finally
        {
            await leg.FinishAsync(status, detail);
            var end = leg.End!;
            activity?.SetTag("campaigns.media.end", end.Kind.ToText());
            if (end.Kind == MediaEndKind.Violated)
            {
                activity.Fail("violated");
                LogViolated(id, end.Detail);
            }
            else
            {
                LogClosed(id, end.Kind, CarrierWords.WithoutNumbers(end.Detail));
            }
        }
    }

    // How to close, unless the stream has ended by itself.
    private async Task<(WebSocketCloseStatus Status, string Detail)> RunAsync(
        Guid id, MediaConnection leg, Func<Guid, IMediaLeg, CancellationToken, Task<string?>> run)
    {
        var stopping = lifetime.ApplicationStopping;
        try
        {
            bool began;
            await using (stopping.UnsafeRegister(
                static l => ((MediaConnection)l!).BeginClose(WebSocketCloseStatus.EndpointUnavailable, MediaEndKind.ClosedByUs, "The host stops."), leg))
            {
                began = await leg.ReadStartAsync();
            }

            if (!began)
            {
                telemetry.Media.OnRefused("no_start");
                return (WebSocketCloseStatus.NormalClosure, "The stream did not begin.");
            }

            if (await run(id, leg, stopping) is { } refusal)
            {
                telemetry.Media.OnRefused("call");
                LogRefused(id, CarrierWords.WithoutNumbers(refusal));
                return (WebSocketCloseStatus.PolicyViolation, refusal);
            }

            return stopping.IsCancellationRequested
                ? (WebSocketCloseStatus.EndpointUnavailable, "The host stops.")
                : (WebSocketCloseStatus.NormalClosure, "The call is over.");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return (WebSocketCloseStatus.EndpointUnavailable, "The host stops.");
        }
        catch (Exception e)
        {
            LogFailed(id, e);
            Activity.Current.Fail(e.GetType().Name);
            return (WebSocketCloseStatus.InternalServerError, "The call failed.");
        }
    }

    // Exotel's own query parameter; what the stream tells afterwards counts.
    private static int RequestedRate(HttpContext context)
        => context.Request.Query["sample-rate"].ToString() switch
        {
            "16000" => 16_000,
            "24000" => 24_000,
            _ => UsualRate,
        };
}
