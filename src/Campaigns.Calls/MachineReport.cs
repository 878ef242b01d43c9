using System.Text.Json;
using Campaigns.LiveModel;

namespace Campaigns.Calls;

/// <summary>The tools by which the line itself learns something.</summary>
internal static class MachineReport
{
    internal const string Tool = "report_answering_machine";
    internal const string TransferTool = "transfer_to_human";

    /// <summary>What the model has made out, if this is its report; a report without a known kind is one of a voicemail box.</summary>
    internal static MachineKind? Read(ToolCall call)
    {
        if (call.Name != Tool)
        {
            return null;
        }

        try
        {
            using var arguments = JsonDocument.Parse(call.ArgumentsJson);
            return arguments.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String
                ? kind.GetString() switch
                {
                    "screener" => MachineKind.Screener,
                    "menu" => MachineKind.Menu,
                    _ => MachineKind.Voicemail,
                }
                : MachineKind.Voicemail;
        }
        catch (JsonException)
        {
            return MachineKind.Voicemail;
        }
    }
}
