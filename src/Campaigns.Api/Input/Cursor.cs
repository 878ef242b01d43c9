using System.Buffers.Binary;
using System.Buffers.Text;
using Campaigns.Stores;

namespace Campaigns.Api.Input;

/// <summary>Where a page begins, as an opaque text: base64url of a version byte, the row's place (8 bytes) and its id (16 bytes).</summary>
internal static class Cursor
{
    private const byte Version = 1;
    private const int Size = 25;

    // The last microsecond a DateTimeOffset can hold: places beyond are forged.
    private const long LastPlace = 253_402_300_799_999_999;

    internal static string Write(PageKey key)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], key.Order);
        key.Tie.TryWriteBytes(bytes[9..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    internal static bool TryRead(string text, out PageKey key)
    {
        Span<byte> bytes = stackalloc byte[Size];
        key = default;
        if (text.Length != Base64Url.GetEncodedLength(Size) || !Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != Size)
        {
            return false;
        }

        key = new PageKey(BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), new Guid(bytes[9..], bigEndian: true));
        return bytes[0] == Version && key.Order is >= 0 and <= LastPlace;
    }
}
