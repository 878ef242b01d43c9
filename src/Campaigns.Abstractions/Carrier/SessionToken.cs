using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Campaigns.Carrier;

/// <summary>
/// The secret of one call attempt. It rides in the callback URL and the media URL; only its SHA-256 is stored, so a reader of the
/// database cannot forge a callback.
/// </summary>
public static class SessionToken
{
    /// <summary>Random bytes in a secret.</summary>
    public const int SecretBytes = 32;

    /// <summary>Bytes of a stored hash (SHA-256).</summary>
    public const int HashBytes = SHA256.HashSizeInBytes;

    /// <summary>Texts longer than this match nothing, and are not hashed.</summary>
    public const int MaxLength = 128;

    /// <summary>A fresh secret: 32 random bytes as 43 characters of unpadded base64url, safe in a URL's path.</summary>
    public static string Create()
    {
        Span<byte> secret = stackalloc byte[SecretBytes];
        RandomNumberGenerator.Fill(secret);
        return Base64Url.EncodeToString(secret);
    }

    /// <summary>What is stored: SHA-256 of the text in UTF-8, 32 bytes.</summary>
    public static byte[] Hash(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return SHA256.HashData(Encoding.UTF8.GetBytes(token));
    }

    /// <summary>
    /// Whether <paramref name="token"/> is the secret behind <paramref name="hash"/>; the time taken does not depend on the hash.
    /// </summary>
    /// <param name="token">What came in; null, empty or too long matches nothing.</param>
    /// <param name="hash">What was stored, 32 bytes; any other length matches nothing.</param>
    public static bool Matches(string? token, ReadOnlySpan<byte> hash)
        => !string.IsNullOrEmpty(token)
            && token.Length <= MaxLength
            && hash.Length == HashBytes
            && CryptographicOperations.FixedTimeEquals(Hash(token), hash);
}
