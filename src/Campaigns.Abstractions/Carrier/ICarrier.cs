namespace Campaigns.Carrier;

/// <summary>The telephone carrier. Calls are identified by our session id until the carrier has given its own.</summary>
public interface ICarrier
{
    /// <summary>
    /// Asks the carrier to ring a person. Never throws for anything the carrier or the network does: every ending is a
    /// <see cref="PlaceCallResult"/>, and whatever is not clearly accepted or clearly refused is ambiguous. Nothing is ever sent twice.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled by the caller before the request was sent. Once sent, a cancel is ambiguous.</exception>
    Task<PlaceCallResult> PlaceCallAsync(PlaceCallRequest request, CancellationToken cancellationToken);

    /// <summary>Asks about calls by the carrier's ids, any number of them (batched inside). Calls the carrier does not know are absent.</summary>
    /// <exception cref="CarrierLookUpException">The carrier could not be asked; try later.</exception>
    Task<IReadOnlyList<CarrierCall>> LookUpAsync(IReadOnlyCollection<string> sids, CancellationToken cancellationToken);

    /// <summary>Asks for the calls to one number created in a span of time (for dials whose id was never learned).</summary>
    /// <exception cref="CarrierLookUpException">The carrier could not be asked; try later.</exception>
    Task<IReadOnlyList<CarrierCall>> FindAsync(string phone, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);
}

/// <summary>One call to be placed.</summary>
/// <param name="SessionId">Our id of the attempt; rides in the callback URL, the media URL and the custom field.</param>
/// <param name="Token">The session's secret, in the URLs.</param>
/// <param name="Phone">E.164 of the person to ring.</param>
/// <param name="SendBefore">The request is not sent at or after this time: the answer is then <see cref="PlaceCallResult.NotSent"/>.</param>
public sealed record PlaceCallRequest(Guid SessionId, string Token, string Phone, DateTimeOffset SendBefore);

/// <summary>How the carrier answered.</summary>
public abstract record PlaceCallResult
{
    private PlaceCallResult()
    {
    }

    /// <summary>The call exists.</summary>
    /// <param name="Sid">The carrier's id.</param>
    public sealed record Accepted(string Sid) : PlaceCallResult;

    /// <summary>Refused for the moment: no phone rang.</summary>
    /// <param name="RetryAfter">The carrier's wish, if it told one.</param>
    /// <param name="Reason">In the carrier's words.</param>
    public sealed record RejectedForNow(TimeSpan? RetryAfter, string Reason) : PlaceCallResult;

    /// <summary>Refused for good: no phone rang, and the same request will be refused again.</summary>
    /// <param name="Reason">In the carrier's words.</param>
    public sealed record Rejected(string Reason) : PlaceCallResult;

    /// <summary>The account, the credentials or the balance is at fault: no phone rang, and none will until a person mends it.</summary>
    /// <param name="Reason">In the carrier's words.</param>
    public sealed record CarrierUnavailable(string Reason) : PlaceCallResult;

    /// <summary>Time-out, 5xx, unreadable answer, broken connection after sending: the phone may be ringing.</summary>
    /// <param name="Reason">What happened.</param>
    public sealed record Ambiguous(string Reason) : PlaceCallResult;

    /// <summary>It certainly never left: too late, or no connection could be made.</summary>
    /// <param name="Reason">What happened.</param>
    public sealed record NotSent(string Reason) : PlaceCallResult;
}

/// <summary>What the carrier says of one call.</summary>
/// <param name="Sid">The carrier's id.</param>
/// <param name="Phone">E.164 of the person rung, as far as the carrier's notation allows; compare the last ten digits.</param>
/// <param name="Kind">Whether it goes on.</param>
/// <param name="Outcome">Set when <paramref name="Kind"/> is <see cref="Grains.CarrierReportKind.Ended"/>.</param>
/// <param name="CreatedAt">When the carrier took it.</param>
/// <param name="Duration">Conversation time, if settled.</param>
/// <param name="RecordingUrl">The recording, if any.</param>
/// <param name="Detail">The carrier's own status word.</param>
public sealed record CarrierCall(
    string Sid,
    string Phone,
    Grains.CarrierReportKind Kind,
    CallOutcome? Outcome,
    DateTimeOffset? CreatedAt,
    TimeSpan? Duration,
    string? RecordingUrl,
    string? Detail);

/// <summary>A look-up that did not succeed. It says nothing about the calls.</summary>
public sealed class CarrierLookUpException : Exception
{
    /// <summary>A look-up that did not succeed.</summary>
    public CarrierLookUpException(string message, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(message, inner)
    {
        RetryAfter = retryAfter;
    }

    /// <summary>When the carrier asked to be left alone until, from now.</summary>
    public TimeSpan? RetryAfter { get; }
}

/// <summary>Permits of the carrier's account: one for each request that counts against its limit, shared by every host of the account.</summary>
public interface ICarrierPermits
{
    /// <summary>
    /// Takes one permit for a look-up and returns when its slot has come: look-ups take their turn between the dials. False, without a
    /// permit, when no slot is to be had within a few seconds (a backlog, or the carrier asked to be left alone).
    /// </summary>
    Task<bool> TryTakeAsync(CancellationToken cancellationToken);

    /// <summary>Tells that the carrier refused for the moment: the account's rate drops to 70 % and nothing starts before the time told.</summary>
    Task ReportThrottledAsync(TimeSpan? retryAfter, CancellationToken cancellationToken);
}
