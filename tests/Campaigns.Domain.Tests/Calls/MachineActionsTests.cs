using Campaigns.Calls;
using Campaigns.Domain.Calls;
using Campaigns.DomainTests.Prompts;

namespace Campaigns.DomainTests.Calls;

public sealed class MachineActionsTests
{
    [Theory]
    [InlineData(MachineKind.Voicemail, MachinePolicy.HangUp, ScreenerPolicy.Explain, LineAction.HangUpNow, null)]
    [InlineData(MachineKind.Voicemail, MachinePolicy.LeaveMessage, ScreenerPolicy.HangUp, LineAction.LeaveMessage, "Hello Aarav, [] Family Health.")]
    [InlineData(MachineKind.Screener, MachinePolicy.HangUp, ScreenerPolicy.Explain, LineAction.Explain, "For Mr. Aarav Sharma.")]
    [InlineData(MachineKind.Screener, MachinePolicy.LeaveMessage, ScreenerPolicy.HangUp, LineAction.HangUpNow, null)]
    [InlineData(MachineKind.Menu, MachinePolicy.LeaveMessage, ScreenerPolicy.Explain, LineAction.HangUpNow, null)]
    public void Decide_FollowsThePolicy(MachineKind kind, MachinePolicy machine, ScreenerPolicy screener, LineAction then, string? message)
    {
        var policy = new VoicePolicy
        {
            Machine = machine,
            MachineMessage = "Hello {{first_name}}, [{{nothing}}] {{plan}}.",
            Screener = screener,
            ScreenerMessage = "For {{name}}.",
        };

        var result = MachineActions.Decide(kind, policy, Briefs.Campaign);

        Assert.Equal((then, message), (result.Then, result.Message));
        Assert.Equal(message is not null, result.ResponseJson.Contains("\"message\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Decide_WhenNothingIsLeftToSay_HangsUp()
    {
        var policy = new VoicePolicy { Machine = MachinePolicy.LeaveMessage, MachineMessage = " {{nothing}} " };

        Assert.Equal(LineAction.HangUpNow, MachineActions.Decide(MachineKind.Voicemail, policy, Briefs.Campaign).Then);
    }

    [Fact]
    public void Decide_WithoutWordsForAScreener_SaysWhoCallsWhom()
    {
        var result = MachineActions.Decide(MachineKind.Screener, new VoicePolicy(), Briefs.Campaign);

        Assert.Equal("Hello, this is a call from Sunrise for Mr. Aarav Sharma.", result.Message);
        Assert.Contains("why you are calling", result.ResponseJson, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_OnACallThatCameIn_GoesOn() => Assert.Equal(
        LineAction.Continue, MachineActions.Decide(MachineKind.Voicemail, new VoicePolicy(), Briefs.Inbound).Then);
}
