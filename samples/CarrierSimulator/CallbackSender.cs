namespace CarrierSimulator;

/// <summary>Posts status callbacks: up to three times, each within the time-out; only a 2xx counts as delivered.</summary>
internal sealed class CallbackSender(CarrierSimulatorOptions options) : IDisposable
{
    private const int Attempts = 3;

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The format of one call's callbacks: what the request asked for, else the option, rotating by call if it says so.</summary>
    public CallbackFormat FormatOf(LedgerEntry call) => (call.StatusCallbackContentType, options.CallbackFormat) switch
    {
        ("application/json", _) => CallbackFormat.Json,
        ("multipart/form-data", _) => CallbackFormat.Multipart,
        (_, CallbackFormat.Rotate) => (CallbackFormat)(call.Sequence % (int)CallbackFormat.Rotate),
        (_, var format) => format,
    };

    public WireObject Body(LedgerEntry call, Step step, DateTimeOffset now) =>
        CallbackBody.Fields(call, step, now, options.AccountSid, options.MinimalCallbacks);

    /// <summary>Delivers one callback; <paramref name="afterFirst"/> runs when the first attempt is over, however it went.</summary>
    public async Task<(int Attempts, bool Delivered)> DeliverAsync(
        LedgerEntry call, WireObject body, Action afterFirst, CancellationToken stopping)
    {
        var url = new Uri(call.StatusCallback!);
        var format = FormatOf(call);
        for (var attempt = 1; ; attempt++)
        {
            var delivered = await PostAsync(url, CallbackBody.Encode(format, body), stopping);
            if (attempt == 1)
            {
                afterFirst();
            }

            if (delivered || attempt == Attempts)
            {
                return (attempt, delivered);
            }

            await Task.Delay(options.CallbackRetryDelay, options.TimeProvider, stopping);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<bool> PostAsync(Uri url, HttpContent content, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(options.CallbackTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.IsSuccessStatusCode;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
