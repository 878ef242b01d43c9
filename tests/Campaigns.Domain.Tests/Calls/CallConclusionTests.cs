using Campaigns.Calls;
using Campaigns.Domain.Calls;
using Campaigns.LiveModel;

namespace Campaigns.DomainTests.Calls;

public sealed class CallConclusionTests
{
    // For each end: nobody heard anything; only the agent was heard; only the person; both.
    [Theory]
    [InlineData(CallEndKind.PersonHungUp, CallOutcome.NoSpeech, CallOutcome.Completed, CallOutcome.Completed, CallOutcome.Completed)]
    [InlineData(CallEndKind.AgentEnded, CallOutcome.NoSpeech, CallOutcome.NoSpeech, CallOutcome.Completed, CallOutcome.Completed)]
    [InlineData(CallEndKind.MachineDone, CallOutcome.Machine, CallOutcome.Machine, CallOutcome.Machine, CallOutcome.Machine)]
    [InlineData(CallEndKind.TooLong, CallOutcome.NoSpeech, CallOutcome.NoSpeech, CallOutcome.Completed, CallOutcome.Completed)]
    [InlineData(CallEndKind.Silence, CallOutcome.NoSpeech, CallOutcome.NoSpeech, CallOutcome.Completed, CallOutcome.Completed)]
    [InlineData(CallEndKind.ModelUnavailable, CallOutcome.ModelUnavailable, CallOutcome.ModelUnavailable, CallOutcome.ModelUnavailable, CallOutcome.Completed)]
    [InlineData(CallEndKind.ModelStuck, CallOutcome.ModelUnavailable, CallOutcome.ModelUnavailable, CallOutcome.ModelUnavailable, CallOutcome.Completed)]
    [InlineData(CallEndKind.Transferred, CallOutcome.Completed, CallOutcome.Completed, CallOutcome.Completed, CallOutcome.Completed)]
    [InlineData(CallEndKind.MediaLost, CallOutcome.InterruptedByUs, CallOutcome.Completed, CallOutcome.Completed, CallOutcome.Completed)]
    [InlineData(CallEndKind.HostStopping, CallOutcome.InterruptedByUs, CallOutcome.InterruptedByUs, CallOutcome.InterruptedByUs, CallOutcome.InterruptedByUs)]
    [InlineData(CallEndKind.Refused, CallOutcome.InterruptedByUs, CallOutcome.InterruptedByUs, CallOutcome.InterruptedByUs, CallOutcome.InterruptedByUs)]
    public void Decide_GoesByTheEndAndWhoWasHeard(CallEndKind kind, CallOutcome nobody, CallOutcome agent, CallOutcome person, CallOutcome both)
    {
        Assert.Equal(nobody, Decide(End(kind, false, false)));
        Assert.Equal(agent, Decide(End(kind, true, false)));
        Assert.Equal(person, Decide(End(kind, false, true)));
        Assert.Equal(both, Decide(End(kind, true, true)));
    }

    [Fact]
    public void Decide_ForEveryEnd_HasARow() => Assert.All(
        Enum.GetValues<CallEndKind>(),
        kind => Assert.Contains(
            typeof(CallConclusionTests).GetMethod(nameof(Decide_GoesByTheEndAndWhoWasHeard))!.GetCustomAttributesData(),
            row => row.ConstructorArguments is [{ Value: IReadOnlyCollection<System.Reflection.CustomAttributeTypedArgument> values }] && (int)values.First().Value! == (int)kind));

    [Fact]
    public void Decide_WhenTheHostStopsAfterAPromise_TheCallbackIsKept()
    {
        var end = End(CallEndKind.HostStopping, true, true);
        Assert.Equal(CallOutcome.Completed, CallConclusion.Decide(end, dispositionRecorded: false, optedOut: false, callbackPromised: true));
        Assert.Equal(CallOutcome.Machine, CallConclusion.Decide(end with { Machine = MachineKind.Menu }, false, false, callbackPromised: true));
        Assert.Equal(CallOutcome.InterruptedByUs, CallConclusion.Decide(end, dispositionRecorded: false, optedOut: false));
    }

    [Fact]
    public void Decide_WhateverTheEnd_AnOptOutIsAConversationAndAMachineIsAMachine()
    {
        foreach (var kind in Enum.GetValues<CallEndKind>())
        {
            var end = End(kind, false, false);
            Assert.Equal(CallOutcome.Completed, CallConclusion.Decide(end with { Machine = MachineKind.Menu }, false, optedOut: true));
            Assert.Equal(CallOutcome.Machine, CallConclusion.Decide(end with { Machine = MachineKind.Voicemail }, dispositionRecorded: true, false));
            Assert.Equal(CallOutcome.Machine, CallConclusion.Decide(end with { Machine = MachineKind.Screener }, dispositionRecorded: false, false));

            // Behind a screener there may be a person, who alone can give a result.
            var withResult = kind == CallEndKind.MachineDone ? CallOutcome.Machine : CallOutcome.Completed;
            Assert.Equal(withResult, CallConclusion.Decide(end with { Machine = MachineKind.Screener }, dispositionRecorded: true, false));
            Assert.Equal(withResult, CallConclusion.Decide(end, dispositionRecorded: true, false));
        }
    }

    [Theory]
    [InlineData(0, 0, 0, 0, 0)]
    [InlineData(1, 0, 0, 0, 1)]
    [InlineData(1_000_000, 0, 0, 0, 750_000)]
    [InlineData(0, 1_500, 0, 750, 13_500)]
    [InlineData(4, 0, 2, 0, 12)]
    [InlineData(-5, -5, -5, -5, 0)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue)]
    public void MicroDollars_IsTheSumRoundedUp(long inputText, long inputAudio, long outputText, long outputAudio, long expected) =>
        Assert.Equal(expected, UsageCost.MicroDollars(new LiveUsage(inputText, inputAudio, outputText, outputAudio), new UsageRates()));

    [Fact]
    public void MicroDollars_WithRatesBeyondReason_IsBounded()
    {
        var rates = new UsageRates { InputText = decimal.MaxValue, InputAudio = -1 };

        Assert.Equal(long.MaxValue, UsageCost.MicroDollars(new LiveUsage(2, 5, 0, 0), rates));
        Assert.Equal(0, UsageCost.MicroDollars(new LiveUsage(0, 5, 0, 0), rates));
    }

    private static CallOutcome Decide(CallEnd end) => CallConclusion.Decide(end, dispositionRecorded: false, optedOut: false);

    private static CallEnd End(CallEndKind kind, bool agentHeard, bool personSpoke) => new(
        kind, "", TimeSpan.FromSeconds(9), agentHeard ? TimeSpan.FromSeconds(1) : null, personSpoke, null, false, null, default, 0);
}
