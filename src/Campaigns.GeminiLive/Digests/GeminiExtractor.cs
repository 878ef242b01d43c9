using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Campaigns.GeminiLive.Platform;
using Campaigns.GeminiLive.Session;
using Campaigns.GeminiLive.Wire;
using Campaigns.LiveModel;
using Campaigns.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.GeminiLive.Digests;

/// <summary>Gemini as the model that distils finished conversations: one request, no retry.</summary>
internal sealed partial class GeminiExtractor : IExtractor, IDisposable
{
    /// <summary>Most bytes of an answer.</summary>
    internal const int MaxAnswer = 1024 * 1024;

    private readonly GeminiOptions options;
    private readonly IAccessTokens tokens;
    private readonly GeminiTelemetry telemetry;
    private readonly TimeProvider clock;
    private readonly ILogger<GeminiExtractor> logger;
    private readonly HttpMessageInvoker invoker;

    public GeminiExtractor(
        IOptions<GeminiOptions> options, IAccessTokens tokens, GeminiTelemetry telemetry, TimeProvider clock, ILogger<GeminiExtractor> logger)
    {
        this.options = options.Value;
        this.tokens = tokens;
        this.telemetry = telemetry;
        this.clock = clock;
        this.logger = logger;
        invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = this.options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseDrainSize = 0,
        });
    }

    /// <inheritdoc/>
    public async Task<Extraction> ExtractAsync(ExtractionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var activity = SessionTrace.Start(GeminiTelemetry.Activities, "gemini extract", ActivityKind.Client, request.SessionId);
        var started = clock.GetTimestamp();
        var result = "cancelled";
        try
        {
            var (text, usage) = ExtractionAnswerReader.Read(await AskAsync(request, cancellationToken));
            telemetry.OnTokens(usage);
            var (summary, facts) = DigestReader.Read(text, request);
            result = "ok";
            return new Extraction(summary, facts, options.ExtractionModel, usage);
        }
        catch (LiveModelException e)
        {
            result = e.Failure.ToText();
            activity.Fail(result);
            LogFailed(request.SessionId, e.Failure, e.Message);
            throw;
        }
        finally
        {
            telemetry.OnExtraction(result, clock.GetElapsedTime(started));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => invoker.Dispose();

    private async Task<ReadOnlyMemory<byte>> AskAsync(ExtractionRequest request, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.ExtractionTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, GeminiAddresses.Generate(options))
            {
                Content = new ReadOnlyMemoryContent(ExtractionRequestWriter.Write(request)),
            };
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            if (options.Platform == GeminiPlatform.Vertex)
            {
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tokens.GetAsync(either.Token));
            }
            else
            {
                message.Headers.Add("x-goog-api-key", options.ApiKey);
            }

            using var response = await invoker.SendAsync(message, either.Token);
            var status = (int)response.StatusCode;
            if (status != 200)
            {
                // Its words may quote the transcript, so only the number is told.
                throw new LiveModelException(CloseWords.OfHandshake(status), $"The extraction was answered with HTTP {status}.", status);
            }

            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            return await ReadAsync(stream, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LiveModelException(LiveFailure.Transient, $"No answer to the extraction within {options.ExtractionTimeout}.", inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new LiveModelException(LiveFailure.Transient, "The extraction's connection failed.", inner: e);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var body = new System.Buffers.ArrayBufferWriter<byte>(16_384);
        int read;
        while ((read = await stream.ReadAsync(body.GetMemory(8_192), cancellationToken)) > 0)
        {
            body.Advance(read);
            if (body.WrittenCount > MaxAnswer)
            {
                throw ExtractionAnswerReader.Invalid($"it has more than {MaxAnswer} bytes");
            }
        }

        return body.WrittenMemory;
    }
}
