using System.Text.Json;
using Campaigns.GeminiLive.Wire;
using Campaigns.LiveModel;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using Microsoft.Extensions.Options;

namespace Campaigns.GeminiLive.Platform;

/// <summary>
/// Tokens of the credential file, or of the machine's application default credentials. Google's library keeps a token and renews it in time.
/// </summary>
internal sealed class GoogleAccessTokens(IOptions<GeminiOptions> options) : IAccessTokens, IDisposable
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private readonly SemaphoreSlim loading = new(1);
    private GoogleCredential? credential;

    /// <inheritdoc/>
    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            var source = (ITokenAccess)(credential ?? await LoadAsync(cancellationToken));
            return await source.GetAccessTokenForRequestAsync(cancellationToken: cancellationToken);
        }
        catch (TokenResponseException e)
        {
            // The token server's own refusal, such as a key that was deleted.
            throw new LiveModelException(
                e.StatusCode is { } status && (int)status < 500 ? LiveFailure.Fatal : LiveFailure.Transient,
                $"Google gives no token: {e.Error?.Error ?? "no reason"}.", inner: e);
        }
        catch (HttpRequestException e)
        {
            throw new LiveModelException(LiveFailure.Transient, "Google's token server cannot be reached.", inner: e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The library throws many kinds for a file that is none and for a machine without credentials.
            throw new LiveModelException(LiveFailure.Fatal, "There are no usable Google credentials on this machine.", inner: e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => loading.Dispose();

    private async Task<GoogleCredential> LoadAsync(CancellationToken cancellationToken)
    {
        await loading.WaitAsync(cancellationToken);
        try
        {
            return credential ??= (options.Value.CredentialFile is { } file
                ? await FromFileAsync(file, cancellationToken)
                : await GoogleCredential.GetApplicationDefaultAsync(cancellationToken)).CreateScoped(Scope);
        }
        finally
        {
            loading.Release();
        }
    }

    /// <summary>The file says which kind it is; the operator named the file, so its word is taken.</summary>
    private static async Task<GoogleCredential> FromFileAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        using var json = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        var type = JsonValues.Text(json.RootElement, "type")
            ?? throw new InvalidOperationException("The credential file does not say its type.");
        return await CredentialFactory.FromFileAsync(file, type, cancellationToken);
    }
}
