using System.Collections.Frozen;

namespace Campaigns.Calls;

/// <summary>What the person hears when the agent is not there: recorded clips, 16-bit mono at 8 kHz.</summary>
internal static class Apology
{
    private static readonly FrozenDictionary<string, byte[]> Clips = Load();

    // Where there is no clip of their own: the language that most speakers of these also understand.
    private static readonly FrozenSet<string> NearHindi = FrozenSet.ToFrozenSet(
    [
        "as", "awa", "bgc", "bho", "bn", "doi", "gu", "hne", "ks", "kok", "mag", "mai", "mr", "ne", "or", "pa", "raj", "sa", "sd", "ur",
    ]);

    /// <summary>The clip for a language tag such as <c>mr-IN</c>.</summary>
    internal static ReadOnlySpan<byte> For(string? language) => Clips[Key(language)];

    /// <summary>The language in which it is said.</summary>
    internal static string Key(string? language)
    {
        var primary = (language ?? "").Split('-', '_')[0].ToLowerInvariant();
        return Clips.ContainsKey(primary) ? primary : NearHindi.Contains(primary) ? "hi" : "en";
    }

    private static FrozenDictionary<string, byte[]> Load()
    {
        var assembly = typeof(Apology).Assembly;
        const string Folder = "Apologies/";
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToFrozenDictionary(name => Path.GetFileNameWithoutExtension(name[Folder.Length..]), name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var file = new byte[stream.Length];
                stream.ReadExactly(file);
                return PcmOf(file, name);
            });
    }

    // The samples of a WAV file: the chunk called "data", whatever other chunks the tools wrote around it.
    private static byte[] PcmOf(byte[] file, string name)
    {
        for (var at = 12; at + 8 <= file.Length;)
        {
            var length = BitConverter.ToInt32(file, at + 4);
            if (file.AsSpan(at, 4).SequenceEqual("data"u8))
            {
                return file[(at + 8)..(at + 8 + (length & ~1))];
            }

            at += 8 + length + (length & 1);
        }

        throw new InvalidDataException($"{name} holds no samples.");
    }
}
