namespace Campaigns.Api;

/// <summary>Configuration section <c>Campaigns:Calls</c>, as far as recordings are served from it.</summary>
public sealed class RecordingsOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Campaigns:Calls";

    /// <summary>Folder of the recordings; null (the default) means that there are none. Hosts that serve each other's recordings share it.</summary>
    public string? RecordingFolder { get; set; }

    /// <summary>The recording of this name, a path below the folder; null when it is not there or lies elsewhere.</summary>
    internal string? Find(string name)
    {
        if (string.IsNullOrWhiteSpace(RecordingFolder) || Path.IsPathRooted(name))
        {
            return null;
        }

        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(RecordingFolder));
        var path = Path.GetFullPath(Path.Combine(folder, name));
        return path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(path) ? path : null;
    }
}
