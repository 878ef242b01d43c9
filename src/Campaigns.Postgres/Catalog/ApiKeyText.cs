using System.Security.Cryptography;
using System.Text;

namespace Campaigns.Postgres.Catalog;

/// <summary>The text of API keys: <c>ck_prefix_secret</c>. Only the prefix and the SHA-256 of the whole are ever stored.</summary>
public static class ApiKeyText
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>A new key with 238 random bits.</summary>
    public static string Create() => $"ck_{RandomNumberGenerator.GetString(Alphabet, 8)}_{RandomNumberGenerator.GetString(Alphabet, 40)}";

    /// <summary>Whether <paramref name="key"/> has the shape of a key: a prefix of 1–16 and a secret of 16–100 ASCII letters and digits.</summary>
    public static bool IsWellFormed(string key)
        => key.Split('_') is ["ck", { Length: >= 1 and <= 16 } prefix, { Length: >= 16 and <= 100 } secret]
            && prefix.All(char.IsAsciiLetterOrDigit)
            && secret.All(char.IsAsciiLetterOrDigit);

    /// <summary>What keys are looked up by: SHA-256 of the key's UTF-8 text, 32 bytes.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>The part that may be shown to people.</summary>
    internal static string PrefixOf(string key) => key.Split('_')[1];
}
