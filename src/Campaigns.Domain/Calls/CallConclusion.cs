using Campaigns.Calls;

namespace Campaigns.Domain.Calls;

/// <summary>What an answered call ends as.</summary>
public static class CallConclusion
{
    /// <summary>
    /// The outcome that the attempt is settled with; the retry policy goes by it.
    /// </summary>
    /// <remarks>
    /// What the person decided outweighs how the call ended: a recorded result or an opt-out is a conversation. A machine is a machine, also
    /// when it hung up on us. A call that is cut because its host stops is interrupted by us, whatever was said in it, as when a
    /// host dies; but a callback that was promised in it is kept. Of the
    /// other ends that are our doing, those before the person said a word leave them not reached
    /// (<see cref="CallOutcome.InterruptedByUs"/>, <see cref="CallOutcome.ModelUnavailable"/>); after it a conversation took place, which is not
    /// begun again from the start. A media stream that breaks before a word is spoken is ours if the agent was never heard, and the person's
    /// line otherwise: they heard who called and are gone without a word. Who hangs up after hearing the agent has answered it; who hangs up
    /// before a sound was heard from either side has not (<see cref="CallOutcome.NoSpeech"/>).
    /// </remarks>
    /// <param name="end">How the call ended.</param>
    /// <param name="dispositionRecorded">The agent recorded a result.</param>
    /// <param name="optedOut">The person does not want to be called again.</param>
    /// <param name="callbackPromised">The agent has promised to call back at a time.</param>
    public static CallOutcome Decide(CallEnd end, bool dispositionRecorded, bool optedOut, bool callbackPromised = false)
    {
        ArgumentNullException.ThrowIfNull(end);
        if (optedOut)
        {
            return CallOutcome.Completed;
        }

        // A result is a person's: whoever gave one behind a screener was put through.
        if (end.Machine == MachineKind.Screener && end.Kind != CallEndKind.MachineDone && dispositionRecorded)
        {
            return CallOutcome.Completed;
        }

        if (end.Machine is not null || end.Kind == CallEndKind.MachineDone)
        {
            return CallOutcome.Machine;
        }

        if (dispositionRecorded)
        {
            return CallOutcome.Completed;
        }

        var agentHeard = end.FirstAudio is not null;
        return (end.Kind, end.PersonSpoke) switch
        {
            (CallEndKind.Refused, _) => CallOutcome.InterruptedByUs,
            (CallEndKind.ModelUnavailable, var spoke) when !(spoke && agentHeard) => CallOutcome.ModelUnavailable,
            (CallEndKind.ModelStuck, _) when !agentHeard => CallOutcome.ModelUnavailable,
            (CallEndKind.HostStopping, _) => callbackPromised ? CallOutcome.Completed : CallOutcome.InterruptedByUs,
            (_, true) => CallOutcome.Completed,
            (CallEndKind.MediaLost, false) when !agentHeard => CallOutcome.InterruptedByUs,
            (CallEndKind.PersonHungUp, false) when !agentHeard => CallOutcome.NoSpeech,
            (CallEndKind.Silence or CallEndKind.TooLong or CallEndKind.AgentEnded, false) => CallOutcome.NoSpeech,
            (CallEndKind.ModelStuck, false) => CallOutcome.ModelUnavailable,
            _ => CallOutcome.Completed,
        };
    }
}
