using System.Collections.Immutable;
using Campaigns.Calls;
using Campaigns.Domain.Prompts;

namespace Campaigns.Domain.Tools;

/// <summary>Reads tool calls of the model.</summary>
public static class ToolRequest
{
    /// <summary>Most characters of a note.</summary>
    public const int LongestNote = 4_000;

    /// <summary>Most characters of a reason.</summary>
    public const int LongestReason = 500;

    private const int LongestWhen = 300;

    /// <summary>
    /// What a tool call asks for. What the person has a right to (not to be called again, to end the call, to a human) is understood however
    /// broken the arguments are.
    /// </summary>
    /// <param name="name">The tool.</param>
    /// <param name="argumentsJson">A JSON object, as the model wrote it.</param>
    /// <param name="brief">The call.</param>
    /// <param name="now">When, to understand spoken days.</param>
    public static ToolCommand Read(string name, string? argumentsJson, CallBrief brief, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(brief);
        var arguments = ToolArguments.Read(argumentsJson, out var error);
        string Reason() => arguments?.Text("reason", LongestReason) ?? "";
        switch (name)
        {
            case ToolNames.MarkDoNotCall:
                return new ToolCommand.MarkDoNotCall(Reason());
            case ToolNames.Transfer:
                return new ToolCommand.Transfer(Reason());
            case ToolNames.EndCall:
                return new ToolCommand.EndCall(Reason());
            case ToolNames.UpdateContact or ToolNames.ScheduleCallback or ToolNames.ReportMachine when CallTools.Has(brief, name):
                return arguments is null ? Invalid(error) : Campaign(name, arguments, brief, now);
        }

        var tool = AgentHttpTool.Read(brief.Agent.Settings).FirstOrDefault(t => t.Name.Equals(name, StringComparison.Ordinal));
        return tool is null ? Invalid($"there is no tool {DataText.Clean(name, 60)}")
            : arguments is null ? Invalid(error)
            : HttpToolArguments.Check(tool, arguments.Root) is { Length: > 0 } errors ? new ToolCommand.Invalid(errors)
            : new ToolCommand.AgentHttp(tool, arguments.Json);
    }

    private static ToolCommand Campaign(string name, ToolArguments arguments, CallBrief brief, DateTimeOffset now) => name switch
    {
        ToolNames.UpdateContact => DispositionReader.Read(arguments, brief, now),
        ToolNames.ScheduleCallback => arguments.Text("when", LongestWhen) is { Length: > 0 } when
            ? new ToolCommand.ScheduleCallback(when, NullIfEmpty(arguments.Text("note", LongestReason)))
            : Invalid("when is missing: the time as the person said it"),
        _ => Kind(arguments.Text("kind", 40)) is { } kind
            ? new ToolCommand.ReportMachine(kind, arguments.Text("said", LongestNote))
            : Invalid("kind must be voicemail, screener or menu"),
    };

    private static MachineKind? Kind(string text) => Enum.TryParse<MachineKind>(text, ignoreCase: true, out var kind) && Enum.IsDefined(kind)
        && char.IsLetter(text[0]) ? kind : null;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static ToolCommand.Invalid Invalid(string error) => new([error]);
}
