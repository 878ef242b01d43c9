using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Campaigns.Domain.Tools;
using Campaigns.Grains;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.Silo.Calls;

/// <summary>
/// Carries out agents' HTTP tools. A tool's address is an operator's text, so it may not reach where this host can: every address that a name
/// resolves to is checked at the moment of connecting, redirects are not followed, and no proxy is used.
/// </summary>
public sealed partial class AgentHttpClient : IAgentHttpTools, IDisposable
{
    private const int MaxAnswer = 16 * 1024;

    private readonly AgentHttpOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<AgentHttpClient> _logger;
    private readonly HttpClient _client;

    /// <summary>A client with connections of its own.</summary>
    public AgentHttpClient(IOptions<AgentHttpOptions> options, TimeProvider clock, ILogger<AgentHttpClient> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _clock = clock;
        _logger = logger;
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = ConnectAsync,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 32,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <inheritdoc/>
    public async Task<string> CallAsync(AgentHttpTool tool, string argumentsJson, Guid sessionId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tool);
        using var timeout = new CancellationTokenSource(tool.Timeout, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = Request(tool, argumentsJson, sessionId);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            var body = await ReadAsync(response.Content, both.Token);
            LogCalled(sessionId, tool.Name, (int)response.StatusCode);
            return body is null ? ToolAnswers.Error("the tool's answer is too long")
                : response.IsSuccessStatusCode ? ToolAnswers.Result(body)
                : ToolAnswers.Error($"the tool answered {(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            LogFailed(sessionId, tool.Name, "time-out");
            return ToolAnswers.Error("the tool did not answer in time");
        }
        catch (AddressRefusedException)
        {
            LogFailed(sessionId, tool.Name, "its address is not public");
            return ToolAnswers.Error("the tool's address may not be called");
        }
        catch (HttpRequestException error) when (error.InnerException is AddressRefusedException)
        {
            LogFailed(sessionId, tool.Name, "its address is not public");
            return ToolAnswers.Error("the tool's address may not be called");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            LogFailed(sessionId, tool.Name, error.GetType().Name);
            return ToolAnswers.Error("the tool could not be reached");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage Request(AgentHttpTool tool, string argumentsJson, Guid sessionId)
    {
        var get = tool.Method == HttpMethod.Get.Method;
        var request = new HttpRequestMessage(HttpMethod.Parse(tool.Method), get ? WithQuery(tool.Url, argumentsJson) : tool.Url);
        if (!get)
        {
            request.Content = new StringContent(argumentsJson, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        foreach (var (name, value) in tool.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.TryAddWithoutValidation("X-Session-Id", sessionId.ToString("D"));
        return request;
    }

    private static Uri WithQuery(Uri address, string argumentsJson)
    {
        var query = new StringBuilder(address.Query.TrimStart('?'));
        using var arguments = JsonDocument.Parse(argumentsJson);
        foreach (var member in arguments.RootElement.EnumerateObject())
        {
            var value = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
            query.Append(query.Length > 0 ? "&" : "").Append(Uri.EscapeDataString(member.Name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return new UriBuilder(address) { Query = query.ToString() }.Uri;
    }

    private static async Task<string?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxAnswer + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > MaxAnswer ? null : Encoding.UTF8.GetString(buffer, 0, length);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        if (addresses.Length == 0 || (!_options.AllowPrivateAddresses && !addresses.All(HttpToolAddress.IsAllowed)))
        {
            throw new AddressRefusedException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // The addresses that were checked, not the name: a second resolution could answer differently.
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [LoggerMessage(2220, LogLevel.Debug, "Session {Session}: tool {Tool} answered {Status}")]
    private partial void LogCalled(Guid session, string tool, int status);

    [LoggerMessage(2221, LogLevel.Warning, "Session {Session}: tool {Tool} failed, {Why}")]
    private partial void LogFailed(Guid session, string tool, string why);

    private sealed class AddressRefusedException : Exception;
}
