using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LiveModelSimulator;

/// <summary>Reads audio messages without allocating.</summary>
internal sealed class AudioReader
{
    private const string MimePrefix = "audio/pcm;rate=";

    private byte[] _bytes = [];
    private string _mimeType = "";
    private int _rate;

    /// <summary>How many messages were read.</summary>
    public long Messages { get; private set; }

    /// <summary>True for the plain form of an audio message; every other message takes the way of the full check.</summary>
    public static bool TryFind(JsonElement root, out JsonElement data, out JsonElement mimeType)
    {
        data = mimeType = default;
        return root.ValueKind == JsonValueKind.Object
            && root.TryGetProperty("realtimeInput"u8, out var input) && root.GetPropertyCount() == 1
            && input.ValueKind == JsonValueKind.Object
            && input.TryGetProperty("audio"u8, out var audio) && input.GetPropertyCount() == 1
            && audio.ValueKind == JsonValueKind.Object
            && audio.GetPropertyCount() == 2
            && audio.TryGetProperty("data"u8, out data) && data.ValueKind == JsonValueKind.String
            && audio.TryGetProperty("mimeType"u8, out mimeType) && mimeType.ValueKind == JsonValueKind.String;
    }

    /// <summary>The samples, valid until the next call.</summary>
    /// <exception cref="ProtocolException">1007: not base64, half a sample, or no PCM of a rate that is heard.</exception>
    public ReadOnlySpan<short> Read(JsonElement data, JsonElement mimeType, out int rate)
    {
        if (!mimeType.ValueEquals(_mimeType))
        {
            _rate = RateOf(mimeType.GetString()!);
            _mimeType = mimeType.GetString()!;
        }

        rate = _rate;
        var raw = JsonMarshal.GetRawUtf8Value(data)[1..^1];
        if (raw.Contains((byte)'\\'))
        {
            raw = Encoding.UTF8.GetBytes(data.GetString()!);
        }

        if (_bytes.Length < Base64.GetMaxDecodedFromUtf8Length(raw.Length))
        {
            _bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(raw.Length)];
        }

        if (Base64.DecodeFromUtf8(raw, _bytes, out _, out var length) != OperationStatus.Done)
        {
            throw ProtocolException.Invalid("Invalid value at 'realtime_input.audio.data' (TYPE_BYTES), Base64 decoding failed.");
        }

        if (length % sizeof(short) != 0)
        {
            throw ProtocolException.Invalid("realtime_input.audio.data: an odd number of bytes is no 16-bit PCM.");
        }

        Messages++;
        return MemoryMarshal.Cast<byte, short>(_bytes.AsSpan(0, length));
    }

    private static int RateOf(string mimeType) =>
        mimeType.StartsWith(MimePrefix, StringComparison.Ordinal)
        && int.TryParse(mimeType.AsSpan(MimePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var rate)
        && rate is 8000 or 16_000 or 24_000
            ? rate
            : throw ProtocolException.Invalid(
                $"realtime_input.audio.mime_type: {mimeType} is not audio/pcm;rate=N (the simulator hears 8000, 16000 and 24000).");
}
