using Campaigns.Calls;
using Campaigns.Domain.Calls;
using Campaigns.Domain.Times;
using Campaigns.Domain.Tools;
using Campaigns.Domain.Windows;

namespace Campaigns.Grains;

public sealed partial class CallSessionGrain
{
    /// <inheritdoc/>
    public async Task<ToolResultMessage> OnToolAsync(string callId, string name, string argumentsJson)
    {
        if (await BriefAsync() is not { } brief)
        {
            return Message(ToolAnswers.Error("the call is over"));
        }

        var command = ToolRequest.Read(name, argumentsJson, brief, clock.GetUtcNow());
        LogTool(Session, command.GetType().Name);
        return Message(await CarryOutAsync(command, brief));
    }

    /// <inheritdoc/>
    public async Task<ToolResultMessage> OnMachineAsync(MachineKind kind, string evidence)
    {
        LogMachine(Session, kind);
        return await BriefAsync() is { } brief
            ? Message(MachineActions.Decide(kind, brief.Voice, brief))
            : Message(new ToolResult(ToolAnswers.Error("the call is over"), LineAction.HangUpNow));
    }

    private static ToolResultMessage Message(string responseJson) => new(responseJson, LineAction.Continue, null);

    private static ToolResultMessage Message(ToolResult result) => new(result.ResponseJson, result.Then, result.Message);

    private async Task<ToolResult> CarryOutAsync(ToolCommand command, CallBrief brief)
    {
        var now = clock.GetUtcNow();
        switch (command)
        {
            case ToolCommand.RecordDisposition(var code, var notes, var fields):
                await calls.RecordDispositionAsync(Session, code, notes, fields, now, CancellationToken.None);
                _dispositionRecorded = true;
                return new ToolResult(ToolAnswers.Ok);

            case ToolCommand.ScheduleCallback(var when, _):
                return await PromiseAsync(when, brief, now);

            case ToolCommand.MarkDoNotCall(var reason):
                // Nobody may be told that it is done before it is.
                await calls.MarkDoNotCallAsync(Session, reason, now, CancellationToken.None);
                _optedOut = true;
                return new ToolResult(ToolAnswers.Ok);

            case ToolCommand.ReportMachine(var kind, _):
                return MachineActions.Decide(kind, brief.Voice, brief);

            case ToolCommand.Transfer(var reason):
                await calls.RecordHandoffAsync(Session, reason, now, CancellationToken.None);
                return conversation.Value.TransferByHangUp
                    ? new ToolResult(ToolAnswers.Transferring, LineAction.HangUpAfterSpeech)
                    : new ToolResult(ToolAnswers.ColleagueCallsBack);

            case ToolCommand.EndCall:
                return new ToolResult(ToolAnswers.Ok, LineAction.HangUpAfterSpeech);

            case ToolCommand.AgentHttp(var tool, var arguments):
                return new ToolResult(await http.CallAsync(tool, arguments, Session, CancellationToken.None));

            default:
                return new ToolResult(ToolAnswers.To(command) ?? throw new InvalidOperationException($"No tool answers {command.GetType().Name}."));
        }
    }

    private async Task<ToolResult> PromiseAsync(string when, CallBrief brief, DateTimeOffset now)
    {
        if (CallingWindows.ResolveZone(brief.TimeZone, brief.OrganizationTimeZone) is not ZoneResult.Found { Zone: var zone })
        {
            return new ToolResult(ToolAnswers.Error("the person's time zone is not known"));
        }

        var resolved = SpokenTime.Resolve(when, now, zone, brief.Window);
        if (resolved is SpokenTimeResult.Found found)
        {
            await calls.RecordCallbackAsync(Session, found.At, when, now, CancellationToken.None);
            _callbackPromised = true;
        }

        return new ToolResult(ToolAnswers.Callback(resolved));
    }
}
