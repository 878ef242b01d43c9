using System.Diagnostics;
using System.Net;
using Campaigns.Carrier;
using Campaigns.Telemetry;
using Microsoft.Extensions.Options;

namespace Campaigns.Exotel;

/// <summary>Asks Exotel about calls, in bulk.</summary>
internal sealed class ExotelLookUps(
    IOptions<ExotelOptions> options, ExotelClient client, ICarrierPermits permits, ExotelTelemetry telemetry, TimeProvider clock)
{
    // A search has a number and a short span of time, a batch a hundred ids: more pages than this are a fault.
    private const int MaxPages = 20;

    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(30);

    private readonly ExotelOptions options = options.Value;

    /// <summary>The calls with these ids that Exotel tells of. Texts that can be no id are unknown to it, and are not asked for.</summary>
    internal async Task<IReadOnlyList<CarrierCall>> BySidAsync(IReadOnlyCollection<string> sids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sids);
        var wanted = sids.Where(s => ExotelCallCodec.Sid(s) is not null).ToHashSet(StringComparer.Ordinal);
        var calls = new Dictionary<string, CarrierCall>(StringComparer.Ordinal);
        foreach (var batch in wanted.Chunk(ExotelLookUpCodec.PageSize))
        {
            await foreach (var found in PagesAsync("look_up", ExotelLookUpCodec.BySids(batch), cancellationToken))
            {
                if (wanted.Contains(found.Call.Sid))
                {
                    calls[found.Call.Sid] = found.Call;
                }
            }
        }

        return [.. calls.Values];
    }

    /// <summary>
    /// The outbound calls to a number created in a span of at most 30 days. Asked for in E.164, as documented, and if nothing is found in the
    /// national notation. <c>From</c> is the person rung; the filter named <c>PhoneNumber</c> is for our own number.
    /// </summary>
    internal async Task<IReadOnlyList<CarrierCall>> ByNumberAsync(
        string phone, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        if (to < from || to - from > LongestSpan)
        {
            throw new CarrierLookUpException($"A span from {from:O} to {to:O} cannot be asked for: at most {LongestSpan.Days} days.");
        }

        var calls = new Dictionary<string, CarrierCall>(StringComparer.Ordinal);
        var latest = ExotelLookUpCodec.CeilToSecond(to);
        var earliest = from.AddTicks(-(from.Ticks % TimeSpan.TicksPerSecond));
        foreach (var number in ExotelPhone.Notations(phone))
        {
            await foreach (var found in PagesAsync("find", ExotelLookUpCodec.ByNumber(number, from, to, options.UtcOffset), cancellationToken))
            {
                var inSpan = found.Call.CreatedAt is not { } created || (created >= earliest && created <= latest);
                if (found.MayBeOurs && inSpan && ExotelPhone.SameNumber(found.Call.Phone, phone))
                {
                    calls[found.Call.Sid] = found.Call;
                }
            }

            if (calls.Count > 0)
            {
                break;
            }
        }

        return [.. calls.Values];
    }

    private async IAsyncEnumerable<ExotelLookUpCodec.Found> PagesAsync(
        string operation, string query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        for (string? cursor = ""; cursor is not null;)
        {
            var fields = await AskAsync(operation, cursor.Length == 0 ? query : $"{query}&{cursor}", cancellationToken);
            if (fields is null)
            {
                yield break;
            }

            var page = ExotelLookUpCodec.Read(fields, options.UtcOffset)
                ?? throw new CarrierLookUpException("The carrier's answer is no list of calls.");
            foreach (var call in page)
            {
                yield return call;
            }

            cursor = page.Count == 0 ? null : ExotelLookUpCodec.NextCursor(fields);
            if (cursor is not null && (!cursors.Add(cursor) || cursors.Count >= MaxPages))
            {
                throw new CarrierLookUpException("The carrier's pages do not end.");
            }
        }
    }

    private async Task<ExotelFields?> AskAsync(string operation, string query, CancellationToken cancellationToken)
    {
        using var activity = ExotelTelemetry.Activities.StartActivity($"exotel {operation}", ActivityKind.Client);
        var started = clock.GetTimestamp();
        var outcome = "failed";
        try
        {
            await TakePermitAsync(cancellationToken);
            var answer = await GetAsync(query, cancellationToken);
            outcome = $"{(int)answer.Status / 100}xx";
            return await ReadAsync(answer, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            outcome = "cancelled";
            throw;
        }
        finally
        {
            activity?.SetTag("campaigns.carrier.result", outcome);
            if (outcome is not ("2xx" or "4xx"))
            {
                activity.Fail(outcome);
            }

            telemetry.OnRequest(operation, outcome, clock.GetElapsedTime(started));
        }
    }

    private async Task TakePermitAsync(CancellationToken cancellationToken)
    {
        if (!options.LookUpsShareLimit)
        {
            return;
        }

        bool taken;
        try
        {
            taken = await permits.TryTakeAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CarrierLookUpException("The account's permits could not be asked for.", inner: e);
        }

        if (!taken)
        {
            throw new CarrierLookUpException("No permit: the account's rate is used up by dials.");
        }
    }

    private async Task<ExotelAnswer> GetAsync(string query, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.LookUpTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var answer = await client.GetAsync($"Calls.json?{query}", either.Token);
            either.Token.ThrowIfCancellationRequested();
            return answer;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CarrierLookUpException(
                deadline.IsCancellationRequested ? "No answer within the time allowed." : "The carrier could not be reached.", inner: e);
        }
    }

    private async Task<ExotelFields?> ReadAsync(ExotelAnswer answer, CancellationToken cancellationToken)
    {
        switch (answer.Status)
        {
            case HttpStatusCode.OK when answer.Fields is not null:
                return answer.Fields;
            case HttpStatusCode.NotFound when answer.HasRestException:
                return null;
            case HttpStatusCode.TooManyRequests:
                try
                {
                    await permits.ReportThrottledAsync(answer.RetryAfter, cancellationToken);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    throw new CarrierLookUpException(answer.Words, answer.RetryAfter, e);
                }

                throw new CarrierLookUpException(answer.Words, answer.RetryAfter);
            default:
                throw new CarrierLookUpException(
                    answer.Status == HttpStatusCode.OK ? $"{answer.Words}, unreadable answer" : answer.Words, answer.RetryAfter);
        }
    }
}
