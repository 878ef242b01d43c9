using System.Security.Cryptography;
using System.Text.Json;
using Campaigns.GeminiLive.Platform;
using Campaigns.GeminiLive.Tests.Bed;
using Campaigns.LiveModel;
using Microsoft.Extensions.Options;

namespace Campaigns.GeminiLive.Tests;

/// <summary>Tokens by Google's library from a credential file, against a token server of the test.</summary>
public sealed class TokenTests : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"gemini-credential-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(file);

    [Fact]
    public async Task Get_WhenFileIsAServiceAccount_AsksOnceAndKeepsTheToken()
    {
        await using var server = await AnswerServer.StartAsync("""{"access_token":"t-1","expires_in":3600,"token_type":"Bearer"}""");
        using var tokens = Tokens(ServiceAccount(server.Address));
        Assert.Equal("t-1", await tokens.GetAsync(CancellationToken.None));
        Assert.Equal("t-1", await tokens.GetAsync(CancellationToken.None));
        Assert.Contains("assertion=", Assert.Single(server.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WhenGoogleRefuses_IsFatal()
    {
        await using var server = await AnswerServer.StartAsync("""{"error":"invalid_grant"}""", 400);
        using var tokens = Tokens(ServiceAccount(server.Address));
        var e = await Assert.ThrowsAsync<LiveModelException>(async () => await tokens.GetAsync(CancellationToken.None));
        Assert.Equal(LiveFailure.Fatal, e.Failure);
        Assert.Contains("invalid_grant", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{"type":"something_new"}""")]
    [InlineData("""{"type":"service_account","client_email":"a@b","private_key":"no key"}""")]
    public async Task Get_WhenFileIsNoCredential_IsFatal(string json)
    {
        using var tokens = Tokens(json);
        var e = await Assert.ThrowsAsync<LiveModelException>(async () => await tokens.GetAsync(CancellationToken.None));
        Assert.Equal(LiveFailure.Fatal, e.Failure);
    }

    private static string ServiceAccount(Uri tokenServer)
    {
        using var rsa = RSA.Create(2048);
        return JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["type"] = "service_account",
            ["client_email"] = "caller@acme.iam.gserviceaccount.com",
            ["private_key_id"] = "k",
            ["private_key"] = rsa.ExportPkcs8PrivateKeyPem(),
            ["token_uri"] = tokenServer.AbsoluteUri,
        });
    }

    private GoogleAccessTokens Tokens(string json)
    {
        File.WriteAllText(file, json);
        return new GoogleAccessTokens(Options.Create(new GeminiOptions { CredentialFile = file }));
    }
}
