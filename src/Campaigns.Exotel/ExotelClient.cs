using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;

namespace Campaigns.Exotel;

/// <summary>
/// The connection to Exotel's REST API. Follows no redirect, keeps no cookie, unpacks no compression, adds no header of its own accord, and
/// speaks HTTP/1.1 only: HTTP/2 lets the stack send a refused stream again by itself.
/// </summary>
internal sealed class ExotelClient : IDisposable
{
    /// <summary>Most bytes read of an answer; a page of 100 calls has about 80 kB.</summary>
    internal const int MaxAnswer = 256 * 1024;

    private readonly HttpMessageInvoker invoker;
    private readonly TimeProvider clock;
    private readonly Uri account;
    private readonly AuthenticationHeaderValue credentials;

    public ExotelClient(IOptions<ExotelOptions> options, TimeProvider clock)
    {
        var o = options.Value;
        this.clock = clock;
        account = new Uri($"{o.BaseAddress.AbsoluteUri.TrimEnd('/')}/v1/Accounts/{Uri.EscapeDataString(o.AccountSid)}/");
        credentials = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{o.ApiKey}:{o.ApiToken}")));
        invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = o.ConnectTimeout,
            PooledConnectionLifetime = o.ConnectionLifetime,
            PooledConnectionIdleTimeout = o.ConnectionIdleTimeout,
            MaxConnectionsPerServer = o.MaxConnections,

            // An answer that is too large costs its connection, not our time.
            MaxResponseDrainSize = 0,
            ResponseDrainTimeout = TimeSpan.Zero,
        });
    }

    /// <summary>Posts a form. What the form's content says afterwards tells whether anything was sent.</summary>
    internal Task<ExotelAnswer> PostAsync(string path, SingleUseContent content, CancellationToken cancellationToken)
        => SendAsync(HttpMethod.Post, path, content, cancellationToken);

    /// <summary>Gets a resource of the account.</summary>
    internal Task<ExotelAnswer> GetAsync(string path, CancellationToken cancellationToken)
        => SendAsync(HttpMethod.Get, path, content: null, cancellationToken);

    private async Task<ExotelAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(method, new Uri(account, path))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        message.Headers.Authorization = credentials;
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await invoker.SendAsync(message, cancellationToken);
        var retryAfter = ExotelAnswer.ReadRetryAfter(response.Headers.RetryAfter, clock.GetUtcNow());
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        return new ExotelAnswer(response.StatusCode, retryAfter, await BoundedBody.ReadAsync(stream, MaxAnswer, cancellationToken));
    }

    /// <inheritdoc/>
    public void Dispose() => invoker.Dispose();
}
