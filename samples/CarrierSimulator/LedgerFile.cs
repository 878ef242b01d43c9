using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CarrierSimulator;

/// <summary>
/// The ledger on disk: one JSON line per change, each the whole entry, the last line of a sequence counting. A line is handed to the
/// operating system before the change is answered or acted on, so a killed process loses nothing; a line torn by the kill is dropped.
/// </summary>
internal sealed class LedgerFile : IDisposable
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly byte[] s_newLine = "\n"u8.ToArray();
    private readonly FileStream _file;

    private LedgerFile(FileStream file) => _file = file;

    /// <summary>Opens or creates the file for this process alone and gives back the entries it holds, in sequence.</summary>
    /// <exception cref="IOException">Another process has it open.</exception>
    /// <exception cref="InvalidDataException">A line other than the last is not an entry.</exception>
    public static LedgerFile Open(string path, out IReadOnlyList<LedgerEntry> entries)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        try
        {
            entries = Load(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        return new LedgerFile(file);
    }

    public void Append(LedgerEntry entry) => _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(entry, Json), .. s_newLine]);

    public void Dispose() => _file.Dispose();

    private static List<LedgerEntry> Load(FileStream file)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        var latest = new SortedDictionary<long, LedgerEntry>();
        var (start, line) = (0, 0);
        while (start < whole)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start);
            line++;
            try
            {
                var entry = JsonSerializer.Deserialize<LedgerEntry>(bytes.AsSpan(start, end - start), Json)!;
                latest[entry.Sequence] = entry;
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"{file.Name}: line {line} is not a ledger entry.", e);
            }

            start = end + 1;
        }

        file.SetLength(whole);
        file.Position = whole;
        return [.. latest.Values];
    }
}
