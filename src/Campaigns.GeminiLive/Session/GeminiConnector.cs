using System.Diagnostics;
using System.Net.WebSockets;
using Campaigns.GeminiLive.Platform;
using Campaigns.GeminiLive.Wire;
using Campaigns.LiveModel;
using Campaigns.Telemetry;
using Microsoft.Extensions.Options;

namespace Campaigns.GeminiLive.Session;

/// <summary>Opens connections: handshake, setup, the model's confirmation.</summary>
internal sealed class GeminiConnector : IDisposable
{
    private readonly GeminiOptions options;
    private readonly IAccessTokens tokens;
    private readonly QuotaReports quota;
    private readonly GeminiTelemetry telemetry;
    private readonly TimeProvider clock;
    private readonly HttpMessageInvoker invoker;

    public GeminiConnector(IOptions<GeminiOptions> options, IAccessTokens tokens, QuotaReports quota, GeminiTelemetry telemetry, TimeProvider clock)
    {
        this.options = options.Value;
        this.tokens = tokens;
        this.quota = quota;
        this.telemetry = telemetry;
        this.clock = clock;
        Profile = GeminiProfile.For(this.options);
        invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = this.options.ConnectTimeout,
        });
    }

    /// <summary>What the model takes.</summary>
    internal GeminiProfile Profile { get; }

    /// <summary>
    /// Opens a connection; returns when the setup is confirmed. The confirming message is in the connection, with whatever else it holds.
    /// </summary>
    /// <param name="setup">The conversation.</param>
    /// <param name="systemInstruction">The prompt to use.</param>
    /// <param name="handle">The handle to go on from; null for a new session.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="LiveModelException">It could not be opened.</exception>
    internal async Task<GeminiConnection> ConnectAsync(
        LiveSetup setup, string systemInstruction, string? handle, CancellationToken cancellationToken)
    {
        using var activity = SessionTrace.Start(GeminiTelemetry.Activities, "gemini connect", ActivityKind.Client, setup.SessionId);
        activity?.SetTag("gemini.resume", handle is not null);
        var started = clock.GetTimestamp();
        var result = "cancelled";
        try
        {
            var message = SetupWriter.Write(options, Profile, setup, systemInstruction, handle);
            var connection = new GeminiConnection(await ShakeHandsAsync(cancellationToken), clock);
            try
            {
                await SetUpAsync(connection, message, cancellationToken);
            }
            catch (Exception)
            {
                connection.Abort();
                connection.Dispose();
                throw;
            }

            result = "ok";
            return connection;
        }
        catch (LiveModelException e)
        {
            result = e.Failure.ToText();
            activity.Fail(result);
            if (e.Failure == LiveFailure.Exhausted)
            {
                await quota.ReportAsync();
            }

            throw;
        }
        finally
        {
            telemetry.OnSetup(result, handle is not null, clock.GetElapsedTime(started));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => invoker.Dispose();

    private async Task<WebSocket> ShakeHandsAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.ConnectTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.CollectHttpResponseDetails = true;

            // The platform's pongs take up to half a minute: pings keep the way open, their answers are not waited for.
            socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(20);
            socket.Options.KeepAliveTimeout = Timeout.InfiniteTimeSpan;
            if (options.Platform == GeminiPlatform.Vertex)
            {
                socket.Options.SetRequestHeader("Authorization", "Bearer " + await tokens.GetAsync(either.Token));
            }
            else
            {
                socket.Options.SetRequestHeader("x-goog-api-key", options.ApiKey);
            }

            await socket.ConnectAsync(GeminiAddresses.Live(options), invoker, either.Token);
            return socket;
        }
        catch (LiveModelException)
        {
            socket.Dispose();
            throw;
        }
        catch (Exception e)
        {
            int? status = (int)socket.HttpStatusCode is > 0 and var told ? told : null;
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw deadline.IsCancellationRequested
                ? new LiveModelException(LiveFailure.Transient, $"No connection to the live model within {options.ConnectTimeout}.", inner: e)
                : status is { } code
                ? new LiveModelException(
                    CloseWords.OfHandshake(code), $"The live model's handshake was answered with HTTP {code}.", code, e)
                : new LiveModelException(LiveFailure.Transient, "No connection to the live model.", inner: e);
        }
    }

    private async Task SetUpAsync(GeminiConnection connection, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.SetupTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        await using var cut = either.Token.Register(static state => ((GeminiConnection)state!).Abort(), connection);
        var end = new ConnectionEnd(CloseWords.NoCloseFrame, "the connection broke");
        try
        {
            await connection.SendAsync(message);
            Received received;
            while ((received = await connection.ReceiveAsync()) != Received.Ended)
            {
                if (received == Received.Message && connection.Message.SetupComplete)
                {
                    // Once more: a cancellation in this moment has cut the connection.
                    if (!either.IsCancellationRequested)
                    {
                        return;
                    }
                }
            }

            end = connection.End;
        }
        catch (Exception e) when (GeminiConnection.IsDrop(e))
        {
            // Told below, with its reason.
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw deadline.IsCancellationRequested
            ? new LiveModelException(LiveFailure.Transient, $"The live model did not confirm the setup within {options.SetupTimeout}.")
            : new LiveModelException(CloseWords.OfSetup(end), $"The live model refused the setup: {end.ToString().TrimEnd('.')}.", end.Code);
    }
}
