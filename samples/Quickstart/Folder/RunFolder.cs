using System.Text.Json;
using Campaigns.Postgres.Local;

namespace Quickstart.Folder;

/// <summary>Where a run keeps its data: the folder that was asked for, or a temporary one that goes with the run.</summary>
internal sealed class RunFolder : IDisposable
{
    // Others may pass through, not look: PostgreSQL does not run as root and has its data below.
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private RunFolder(string path, bool temporary)
    {
        Path = path;
        IsTemporary = temporary;
    }

    public string Path { get; }

    public bool IsTemporary { get; }

    public string LedgerFile => In("carrier-ledger.jsonl");

    public string LogFile => In("quickstart.log");

    public string RecordingFolder => In("recordings");

    public string PostgresFolder => LocalPostgres.ReachableDataDirectory(In("postgres"));

    private string StateFile => In("quickstart.json");

    /// <exception cref="StartException">The folder cannot be made or holds something else.</exception>
    public static RunFolder Open(string? data)
    {
        try
        {
            var folder = data is null
                ? new RunFolder(Directory.CreateTempSubdirectory("campaigns-quickstart-").FullName, temporary: true)
                : new RunFolder(Directory.CreateDirectory(data).FullName, temporary: false);
            if (folder.IsTemporary && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(folder.Path, Passable);
            }

            folder.RefuseForeign();
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The data folder cannot be used: {error.Message}", error);
        }
    }

    /// <returns>Null in a new folder.</returns>
    public RunState? ReadState()
    {
        try
        {
            return File.Exists(StateFile) ? JsonSerializer.Deserialize<RunState>(File.ReadAllText(StateFile)) : null;
        }
        catch (JsonException error)
        {
            throw new StartException($"{StateFile} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Replaces the state as a whole: a kill leaves the old or the new one. It holds a key, so only its owner may read it.</summary>
    public void WriteState(RunState state)
    {
        var next = StateFile + ".new";
        File.Delete(next);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(next, options))
        {
            JsonSerializer.Serialize(file, state);
        }

        File.Move(next, StateFile, overwrite: true);
    }

    /// <returns>The file; null when it is not there.</returns>
    public string? FindRecording(Guid call) => Directory.Exists(RecordingFolder)
        ? Directory.EnumerateFiles(RecordingFolder, $"{call}.wav", SearchOption.AllDirectories).FirstOrDefault()
        : null;

    public void Dispose()
    {
        if (IsTemporary)
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    private void RefuseForeign()
    {
        string[] ours = [LedgerFile, LogFile, StateFile, StateFile + ".new", RecordingFolder, In("postgres")];
        if (!File.Exists(StateFile) && Directory.EnumerateFileSystemEntries(Path).FirstOrDefault(e => !ours.Contains(e)) is { } foreign)
        {
            throw new StartException($"{Path} is no data folder of the quickstart: it holds {foreign}. Give a new or empty folder.");
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
