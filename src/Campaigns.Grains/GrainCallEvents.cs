using Campaigns.Calls;
using Campaigns.LiveModel;
using Microsoft.Extensions.Logging;

namespace Campaigns.Grains;

/// <summary>Tells a call's events to its grain.</summary>
internal sealed partial class GrainCallEvents(
    ICallSessionGrain grain, Guid session, TimeProvider clock, CancellationToken stopping, ILogger logger) : ICallEvents
{
    // The end must get through: until it does, this process vouches for the call, and nobody else settles it. A process that stops has no time
    // for that: the rescuer settles what it leaves.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public Task OnTurnAsync(CallTurn turn) => grain.OnTurnAsync(new CallTurnMessage(
        turn.Position, turn.Speaker, turn.Text, turn.StartedAt, turn.EndedAt, turn.Interrupted, turn.HeardText, turn.SpokenMilliseconds,
        turn.HeardMilliseconds));

    public async Task<ToolResult> OnToolAsync(ToolCall call) => Read(await grain.OnToolAsync(call.Id, call.Name, call.ArgumentsJson));

    public async Task<ToolResult> OnMachineAsync(MachineKind kind, string evidence) => Read(await grain.OnMachineAsync(kind, evidence));

    public async Task OnEndedAsync(CallEnd end)
    {
        var message = new CallEndMessage(
            end.Kind, end.Detail, end.Duration, end.FirstAudio, end.PersonSpoke, end.Machine, end.MessageLeft, end.RecordingFile,
            end.Usage.InputText, end.Usage.InputAudio, end.Usage.OutputText, end.Usage.OutputAudio, end.Underruns);
        var since = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await grain.OnEndedAsync(message);
                return;
            }
            catch (Exception error) when (
                error is not OutOfMemoryException && !stopping.IsCancellationRequested && clock.GetElapsedTime(since) < Patience)
            {
                LogNotConcluded(session, error);
            }

            await Task.Delay(Pause, clock, stopping);
        }
    }

    private static ToolResult Read(ToolResultMessage message) => new(message.ResponseJson, message.Then, message.Message);

    [LoggerMessage(2210, LogLevel.Warning, "Session {Session}: its end could not be concluded yet; once more")]
    private partial void LogNotConcluded(Guid session, Exception error);
}
