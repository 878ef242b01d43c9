namespace Quickstart.Host;

/// <summary>The account at the simulated carrier, and the organization that uses it.</summary>
internal static class Account
{
    public const string Sid = "campaigns1";
    public const string Key = "key";
    public const string Token = "token";
    public const string CallerId = "08047191234";

    /// <summary>The organization's name in the API's addresses.</summary>
    public const string Slug = "demo";
}
