using System.Diagnostics;
using Campaigns.Carrier;
using Campaigns.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.Exotel;

/// <summary>Exotel as the carrier: places calls and asks about them.</summary>
internal sealed partial class ExotelCarrier(
    IOptions<ExotelOptions> options,
    ExotelClient client,
    ExotelLookUps lookUps,
    ICarrierPermits permits,
    ExotelTelemetry telemetry,
    TimeProvider clock,
    ILogger<ExotelCarrier> logger) : ICarrier
{
    // Telling the account's pacing about a refusal must not hold up the answer.
    private static readonly TimeSpan ReportTimeout = TimeSpan.FromSeconds(2);

    private readonly ExotelOptions options = options.Value;

    /// <inheritdoc/>
    public Task<IReadOnlyList<CarrierCall>> LookUpAsync(IReadOnlyCollection<string> sids, CancellationToken cancellationToken)
        => lookUps.BySidAsync(sids, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CarrierCall>> FindAsync(string phone, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
        => lookUps.ByNumberAsync(phone, from, to, cancellationToken);

    /// <inheritdoc/>
    public async Task<PlaceCallResult> PlaceCallAsync(PlaceCallRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var activity = SessionTrace.Start(ExotelTelemetry.Activities, "exotel place_call", ActivityKind.Client, request.SessionId);
        var started = clock.GetTimestamp();
        var outcome = "cancelled";
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = await PlaceAsync(request, cancellationToken);
            outcome = result.GetType().Name;
            LogPlaced(request.SessionId, outcome, clock.GetElapsedTime(started).TotalMilliseconds);
            if (result is PlaceCallResult.RejectedForNow refused)
            {
                await ReportThrottledAsync(refused.RetryAfter);
            }
            else if (result is PlaceCallResult.CarrierUnavailable unavailable)
            {
                LogUnavailable(request.SessionId, CarrierWords.WithoutNumbers(unavailable.Reason));
            }

            return result;
        }
        finally
        {
            activity?.SetTag("campaigns.carrier.result", outcome);
            if (outcome != nameof(PlaceCallResult.Accepted))
            {
                activity.Fail(outcome);
            }

            telemetry.OnRequest("place_call", outcome, clock.GetElapsedTime(started));
        }
    }

    private async Task<PlaceCallResult> PlaceAsync(PlaceCallRequest request, CancellationToken cancellationToken)
    {
        if (!ExotelPhone.TryParse(request.Phone, out var phone) || !string.Equals(phone, request.Phone, StringComparison.Ordinal))
        {
            return new PlaceCallResult.Rejected("The number is not E.164.");
        }

        bool InTime() => clock.GetUtcNow() < request.SendBefore;
        if (!InTime())
        {
            return new PlaceCallResult.NotSent("Too late: the time to send had passed.");
        }

        using var deadline = new CancellationTokenSource(options.SendTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var content = new SingleUseContent(ExotelCallForm.Encode(ExotelCallForm.Fields(options, request)), InTime);
        try
        {
            return ExotelCallCodec.Read(await client.PostAsync("Calls/connect.json", content, either.Token));
        }
        catch (Exception e)
        {
            // Whatever went wrong, what counts is whether the request may have left. Closing first rules out a later start.
            content.Close();
            if (!content.Sent)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return new PlaceCallResult.NotSent(
                    content.TooLate ? "Too late: the time to send had passed."
                    : deadline.IsCancellationRequested ? "No connection within the time allowed."
                    : $"No connection: {CarrierWords.Clean(e.GetBaseException().Message, 200)}");
            }

            LogAmbiguous(request.SessionId, e);
            return new PlaceCallResult.Ambiguous(
                cancellationToken.IsCancellationRequested ? "Cancelled after sending."
                : deadline.IsCancellationRequested ? "No answer within the time allowed."
                : $"Connection broke after sending: {CarrierWords.Clean(e.GetBaseException().Message, 200)}");
        }
    }

    private async Task ReportThrottledAsync(TimeSpan? retryAfter)
    {
        // Not the caller's token: the refusal holds for the whole account, whether or not this caller still waits.
        using var limit = new CancellationTokenSource(ReportTimeout, clock);
        try
        {
            await permits.ReportThrottledAsync(retryAfter, limit.Token);
        }
        catch (Exception e)
        {
            // The answer of this call stands all the same; the next refusal will be reported again.
            LogReportFailed(e);
        }
    }
}
