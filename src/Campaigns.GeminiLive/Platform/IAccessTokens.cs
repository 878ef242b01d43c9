namespace Campaigns.GeminiLive.Platform;

/// <summary>
/// OAuth tokens for Vertex. The default takes them from Google's credentials; register another to take them from elsewhere.
/// </summary>
public interface IAccessTokens
{
    /// <summary>A token with the scope <c>https://www.googleapis.com/auth/cloud-platform</c>, valid for minutes at least.</summary>
    /// <exception cref="LiveModel.LiveModelException">There is none; says whether another try can help.</exception>
    ValueTask<string> GetAsync(CancellationToken cancellationToken);
}
