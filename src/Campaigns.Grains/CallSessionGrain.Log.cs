using Campaigns.Calls;
using Campaigns.Stores;
using Microsoft.Extensions.Logging;

namespace Campaigns.Grains;

public sealed partial class CallSessionGrain
{
    [LoggerMessage(1201, LogLevel.Information, "Session {Session}: {Direction} conversation begins")]
    private partial void LogBegun(Guid session, CallDirection direction);

    [LoggerMessage(1202, LogLevel.Warning, "Session {Session}: media stream refused, {Result}")]
    private partial void LogRefused(Guid session, BeginResult result);

    [LoggerMessage(1203, LogLevel.Information, "Session {Session}: conversation ended, {Kind}, outcome {Outcome}, concluded: {Concluded}")]
    private partial void LogConcluded(Guid session, CallEndKind kind, CallOutcome outcome, bool concluded);

    [LoggerMessage(1204, LogLevel.Debug, "Session {Session}: tool {Command}")]
    private partial void LogTool(Guid session, string command);

    [LoggerMessage(1205, LogLevel.Information, "Session {Session}: a machine answers, {Kind}")]
    private partial void LogMachine(Guid session, MachineKind kind);

    [LoggerMessage(1206, LogLevel.Warning, "Session {Session}: its contact could not be told of the answer")]
    private partial void LogNotTold(Guid session, Exception error);
}
