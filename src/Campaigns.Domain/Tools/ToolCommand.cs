using System.Collections.Immutable;
using Campaigns.Calls;

namespace Campaigns.Domain.Tools;

/// <summary>What a tool call asks for, its arguments read and checked.</summary>
public abstract record ToolCommand
{
    private ToolCommand()
    {
    }

    /// <summary>Record the result of the conversation.</summary>
    /// <param name="Code">One of the campaign's codes, or a free word where it has none.</param>
    /// <param name="Notes">What was said; null if nothing is noted.</param>
    /// <param name="Fields">The result's fields as stored: numbers like <c>5000</c>, <c>true</c>/<c>false</c>, days like <c>2026-11-24</c>.</param>
    public sealed record RecordDisposition(string Code, string? Notes, ImmutableDictionary<string, string> Fields) : ToolCommand;

    /// <summary>Promise another call.</summary>
    /// <param name="When">As spoken; see <see cref="Times.SpokenTime"/>.</param>
    /// <param name="Note">What about.</param>
    public sealed record ScheduleCallback(string When, string? Note) : ToolCommand;

    /// <summary>The person must not be called again. Read from any call of that tool, however broken its arguments are.</summary>
    /// <param name="Reason">What the person said; may be empty.</param>
    public sealed record MarkDoNotCall(string Reason) : ToolCommand;

    /// <summary>A machine answered.</summary>
    /// <param name="Kind">Which.</param>
    /// <param name="Said">What it said; may be empty.</param>
    public sealed record ReportMachine(MachineKind Kind, string Said) : ToolCommand;

    /// <summary>The person wants a human.</summary>
    /// <param name="Reason">Why; may be empty.</param>
    public sealed record Transfer(string Reason) : ToolCommand;

    /// <summary>The conversation is over.</summary>
    /// <param name="Reason">Why; may be empty.</param>
    public sealed record EndCall(string Reason) : ToolCommand;

    /// <summary>One of the agent's own tools is to be run.</summary>
    /// <param name="Tool">Which.</param>
    /// <param name="ArgumentsJson">A JSON object that fits the tool's schema.</param>
    public sealed record AgentHttp(AgentHttpTool Tool, string ArgumentsJson) : ToolCommand;

    /// <summary>A result that does not fit the campaign's: the model corrects it and calls again.</summary>
    /// <param name="Errors">Every error.</param>
    public sealed record Refused(ImmutableArray<string> Errors) : ToolCommand;

    /// <summary>No such tool, or arguments that cannot be read.</summary>
    /// <param name="Errors">Every error.</param>
    public sealed record Invalid(ImmutableArray<string> Errors) : ToolCommand;
}
