using Campaigns.LiveModel;
using Microsoft.Extensions.Logging;

namespace Campaigns.Calls;

/// <summary>What the calls of a process share.</summary>
internal sealed record CallSurroundings(
    ILiveModel Model,
    PreparedSessions Prepared,
    CallClock Clock,
    TimeProvider Time,
    CallOptions Options,
    CallTelemetry Telemetry,
    ILogger Logger,
    Func<Guid, int, DateTimeOffset, ICallRecording?> Record,
    Func<IMachineEar> MachineEars,
    Action<CallBridge> Over);
