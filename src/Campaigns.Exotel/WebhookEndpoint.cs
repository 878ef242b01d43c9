using System.Diagnostics;
using Campaigns.Carrier;
using Campaigns.Stores;
using Campaigns.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.Exotel;

/// <summary>Where Exotel posts the status of calls: <c>POST /webhooks/exotel/{session}/{token}</c>.</summary>
public static class ExotelWebhooks
{
    /// <summary>The route.</summary>
    public const string Route = "/webhooks/exotel/{session}/{token}";

    /// <summary>
    /// Maps the endpoint. 200: the report is durable or was rightly ignored. 400: the body is no callback. 404: session or token are
    /// unknown, wrong, malformed or expired, without a difference. 405: not a POST. 413: more than 64 kB. 503 with <c>Retry-After</c>: not recorded, send it again.
    /// </summary>
    public static IEndpointConventionBuilder MapExotelWebhooks(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);

        // Made at the first callback: the stores may not be ready while routes are being mapped.
        var endpoint = new Lazy<WebhookEndpoint>(() => ActivatorUtilities.CreateInstance<WebhookEndpoint>(endpoints.ServiceProvider));
        return endpoints
            .MapPost(Route, (HttpContext context, string session, string token) => endpoint.Value.HandleAsync(context, session, token))
            .AllowAnonymous()
            .ExcludeFromDescription();
    }
}

/// <summary>
/// Takes one callback: secret first, then the body, then the contact; the answer last, because a 200 ends Exotel's retries.
/// </summary>
internal sealed partial class WebhookEndpoint(
    ISessionGates gates,
    ICarrierReports reports,
    ExotelTelemetry telemetry,
    IOptions<ExotelWebhookOptions> options,
    TimeProvider clock,
    ILogger<WebhookEndpoint> logger)
{
    // Exotel waits 15 seconds and sends again at most twice: an answer of ours must always come before.
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    // Compared with when there is no session, so that its absence takes no other way.
    private static readonly SessionGate NoGate = new(Guid.Empty, Guid.Empty, new byte[SessionToken.HashBytes], DateTimeOffset.MinValue);

    // Exotel's own pause before it sends again is not documented; whoever heeds the header gives us this long.
    private const string RetryAfterSeconds = "2";

    private readonly int _most = options.Value.MaxUnderWay;
    private int _underWay;

    internal async Task<IResult> HandleAsync(HttpContext context, string session, string token)
    {
        var started = clock.GetTimestamp();
        using var deadline = new CancellationTokenSource(Deadline, clock);
        var status = StatusCodes.Status503ServiceUnavailable;
        try
        {
            if (Interlocked.Increment(ref _underWay) <= _most)
            {
                status = await TakeAsync(context, session, token, deadline.Token);
            }
            else
            {
                LogTooMany(CleanSession(session), _most);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            LogTooSlow(CleanSession(session));
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            LogFailed(CleanSession(session), e);
        }
        catch (Exception e)
        {
            // The caller is gone; nobody reads the answer.
            LogAborted(CleanSession(session), e);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }

        if (status == StatusCodes.Status503ServiceUnavailable && !context.Response.HasStarted)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        telemetry.OnCallback(status.ToString(System.Globalization.CultureInfo.InvariantCulture), clock.GetElapsedTime(started));
        return TypedResults.StatusCode(status);
    }

    private static Guid CleanSession(string session) => Guid.TryParseExact(session, "D", out var id) ? id : Guid.Empty;

    private async Task<int> TakeAsync(HttpContext context, string session, string token, CancellationToken deadline)
    {
        var id = CleanSession(session);
        var gate = id == Guid.Empty ? null : await gates.FindGateAsync(id, deadline).WaitAsync(deadline);
        var expected = gate ?? NoGate;
        if (!SessionToken.Matches(token, expected.TokenHash) || gate is null || gate.TokenExpiresAt <= clock.GetUtcNow())
        {
            LogUnknown();
            return StatusCodes.Status404NotFound;
        }

        // Nobody without the secret gets into a session's trace.
        using var activity = SessionTrace.Start(ExotelTelemetry.Activities, "exotel callback", ActivityKind.Consumer, gate.SessionId);
        try
        {
            return await DeliverAsync(context, gate, activity, deadline);
        }
        catch (Exception e)
        {
            activity.Fail(e.GetType().Name);
            throw;
        }
    }

    private async Task<int> DeliverAsync(HttpContext context, SessionGate gate, Activity? activity, CancellationToken deadline)
    {
        if (context.Request.ContentLength > StatusCallbackReader.MaxBody)
        {
            activity.Fail("too_large");
            return StatusCodes.Status413PayloadTooLarge;
        }

        using var reading = CancellationTokenSource.CreateLinkedTokenSource(deadline, context.RequestAborted);
        var read = await StatusCallbackReader.ReadAsync(
            context.Request.ContentType, context.Request.Body, StatusCallbackReader.MaxBody, reading.Token);
        switch (read)
        {
            case StatusCallbackResult.Read(var callback):
                // Not the request's token: a report taken is worth recording even if the caller has gone. The wait ends at the deadline
                // even if the port does not heed its token.
                var report = callback.ToReport(gate.SessionId);
                var result = await reports.DeliverAsync(gate.CampaignContactId, report, deadline).WaitAsync(deadline);
                activity?.SetTag("campaigns.report.kind", report.Kind.ToText()).SetTag("campaigns.report.result", result.ToText());
                LogTaken(gate.SessionId, report.Kind, report.Outcome, result);
                return StatusCodes.Status200OK;
            case StatusCallbackResult.TooLarge:
                activity.Fail("too_large");
                return StatusCodes.Status413PayloadTooLarge;
            default:
                activity.Fail("malformed");
                LogMalformed(gate.SessionId, ((StatusCallbackResult.Malformed)read).Reason);
                return StatusCodes.Status400BadRequest;
        }
    }
}
