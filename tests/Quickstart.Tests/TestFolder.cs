namespace Quickstart.Tests;

/// <summary>A folder of one test, removed with it.</summary>
internal sealed class TestFolder : IDisposable
{
    public TestFolder()
    {
        Path = Directory.CreateTempSubdirectory("quickstart-test-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // PostgreSQL, which does not run as root, has its data below.
            File.SetUnixFileMode(Path, (UnixFileMode)0b111_001_001);
        }
    }

    public string Path { get; }

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
