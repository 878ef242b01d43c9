using System.Text.Json;

namespace LiveModelSimulator;

/// <summary>Tokens of one turn. The prompt's are those of the whole conversation so far, as they are billed.</summary>
internal sealed record Usage(Platform Platform, int PromptText, int PromptAudio, int ResponseAudio, int Thoughts)
{
    public int Total => PromptText + PromptAudio + ResponseAudio + Thoughts;

    /// <summary>The two platforms name the response's tokens differently.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        var response = Platform == Platform.Vertex ? "candidates" : "response";
        writer.WriteStartObject("usageMetadata");
        writer.WriteNumber("promptTokenCount", PromptText + PromptAudio);
        writer.WriteNumber($"{response}TokenCount", ResponseAudio);
        if (Thoughts > 0)
        {
            writer.WriteNumber("thoughtsTokenCount", Thoughts);
        }

        writer.WriteNumber("totalTokenCount", Total);
        WriteDetails(writer, "promptTokensDetails", ("TEXT", PromptText), ("AUDIO", PromptAudio));
        WriteDetails(writer, $"{response}TokensDetails", ("AUDIO", ResponseAudio));
        writer.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter writer, string name, params (string Modality, int Count)[] details)
    {
        writer.WriteStartArray(name);
        foreach (var (modality, count) in details.Where(d => d.Count > 0))
        {
            writer.WriteStartObject();
            writer.WriteString("modality", modality);
            writer.WriteNumber("tokenCount", count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
