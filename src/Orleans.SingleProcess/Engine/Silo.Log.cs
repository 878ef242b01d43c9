using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.SingleProcess;

internal sealed partial class Silo
{
    [LoggerMessage(100, LogLevel.Warning, "Grain {Grain} failed to activate")]
    internal partial void LogActivationFailed(Exception exception, GrainId grain);

    [LoggerMessage(101, LogLevel.Warning, "Grain {Grain} failed to deactivate in order")]
    internal partial void LogDeactivationFailed(Exception exception, GrainId grain);

    [LoggerMessage(102, LogLevel.Warning, "One-way call {Call} to {Grain} failed")]
    internal partial void LogOneWayFailure(Exception exception, string call, GrainId grain);

    [LoggerMessage(103, LogLevel.Warning, "A timer tick of {Grain} failed")]
    internal partial void LogTimerFailed(Exception exception, GrainId grain);

    [LoggerMessage(104, LogLevel.Information, "Silo {Silo} started on engine {Engine} {Version} with {GrainClasses} grain classes")]
    private partial void LogStarted(string silo, string engine, string version, int grainClasses);

    [LoggerMessage(105, LogLevel.Warning, "The time to stop silo {Silo} ran out; what was still active is dropped")]
    private partial void LogStopCutShort(string silo);
}
