namespace LiveModelSimulator;

/// <summary>The two hosts of the API.</summary>
public enum Platform
{
    /// <summary>generativelanguage.googleapis.com, by API key.</summary>
    Developer,

    /// <summary>{location}-aiplatform.googleapis.com, by OAuth token.</summary>
    Vertex,
}

/// <summary>Generations of live models that differ on the wire.</summary>
public enum ModelFamily
{
    /// <summary>2.5 native audio: thinking budget, clientContent at any time, non-blocking tools on the Developer API.</summary>
    Native25,

    /// <summary>3.1 flash live: thinking level, clientContent for the first history only, blocking tools only, fields share messages.</summary>
    Live31,
}

/// <summary>What one live model takes on one platform.</summary>
/// <param name="Platform">Where it is served.</param>
/// <param name="Model">Its id without a prefix.</param>
/// <param name="Family">Its generation.</param>
public sealed record ModelProfile(Platform Platform, string Model, ModelFamily Family)
{
    private const string VertexPrefix = "projects/";

    /// <summary>The models that are served by default.</summary>
    public static IReadOnlyList<ModelProfile> Known { get; } =
    [
        new(Platform.Developer, "gemini-3.1-flash-live-preview", ModelFamily.Live31),
        new(Platform.Developer, "gemini-2.5-flash-native-audio-preview-12-2025", ModelFamily.Native25),
        new(Platform.Developer, "gemini-2.5-flash-native-audio-preview-09-2025", ModelFamily.Native25),
        new(Platform.Developer, "gemini-2.5-flash-native-audio-latest", ModelFamily.Native25),
        new(Platform.Vertex, "gemini-live-2.5-flash-native-audio", ModelFamily.Native25),
    ];

    internal bool Vertex => Platform == Platform.Vertex;

    internal bool Is25 => Family == ModelFamily.Native25;

    internal bool Is31 => Family == ModelFamily.Live31;

    /// <summary>How long a handle works after its session ended: 2 h on the Developer API, 24 h on Vertex.</summary>
    internal TimeSpan HandleLifetime => TimeSpan.FromHours(Vertex ? 24 : 2);

    /// <summary>The profile a resource name stands for on a platform.</summary>
    /// <exception cref="ProtocolException">1008: the platform has no such model, or the name has the other platform's form.</exception>
    internal static ModelProfile Find(IEnumerable<ModelProfile> models, Platform platform, string apiVersion, string name)
    {
        var id = platform == Platform.Developer ? DeveloperId(name) : VertexId(name);
        return models.FirstOrDefault(m => m.Platform == platform && m.Model == id)
            ?? throw new ProtocolException(1008, platform == Platform.Developer
                ? $"{name} is not found for API version {apiVersion}, or is not supported for bidiGenerateContent."
                : $"Publisher Model `{name}` was not found or your project does not have access to it.");
    }

    private static string? DeveloperId(string name) => name.StartsWith("models/", StringComparison.Ordinal) ? name[7..] : null;

    private static string? VertexId(string name) =>
        name.StartsWith(VertexPrefix, StringComparison.Ordinal)
        && name.Split('/') is [_, { Length: > 0 }, "locations", { Length: > 0 }, "publishers", "google", "models", var id] ? id : null;
}
