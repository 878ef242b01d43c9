using Campaigns.Domain.Calls;
using Campaigns.Testing;

namespace Campaigns.Calls.Tests;

/// <summary>What the line hears becomes what the detector is told, once each.</summary>
public sealed class MachineEarTests
{
    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public void Text_OfAVoicemail_IsMadeOutOnce()
    {
        var ear = new MachineEar();

        Assert.Null(ear.OnText("Hi, you have reached Ravi.", S(2)));
        var found = ear.OnText(" Please leave a message after the tone.", S(5));

        Assert.Equal(MachineKind.Voicemail, found?.Kind);
        Assert.False(ear.IsListening);
        Assert.Null(ear.OnText(" Please leave a message after the beep.", S(6)));
    }

    [Fact]
    public void Text_OfAnAnnouncement_IsWaitedForToItsEnd()
    {
        var ear = new MachineEar();

        Assert.Null(ear.OnText("aap jis vyakti ko call kar rahe hain woh abhi uplabdh nahin hain,", S(3)));
        Assert.Equal(MachineKind.Voicemail, ear.OnText(" kripya beep ke baad sandesh chhodein", S(5))?.Kind);
    }

    [Fact]
    public void Text_OfAPerson_IsNotMadeOut()
    {
        var ear = new MachineEar();

        Assert.Null(ear.OnText("Hello?", S(1)));
        Assert.Null(ear.OnSound(S(3), S(0.6), S(1), null));
        Assert.Null(ear.OnText(" Yes, speaking. Who is this?", S(4)));
        Assert.True(ear.IsListening);
    }

    [Fact]
    public void Sound_OfALongSpeechWithABeep_IsMadeOut()
    {
        var ear = new MachineEar();
        MachineFinding? found = null;
        for (var t = 0.02; t < 8; t += 0.02)
        {
            found ??= ear.OnSound(S(t), S(t), TimeSpan.Zero, null);
        }

        Assert.Null(found);
        found = ear.OnSound(S(9), S(8), S(0.1), S(8.9));

        Assert.Equal(MachineKind.Voicemail, found?.Kind);
    }

    [Fact]
    public void Sound_ThatSaysNothingNew_AllocatesNothing()
    {
        var ear = new MachineEar();
        ear.OnSound(S(5), S(2), S(1), null);

        Assert.Equal(0, Allocation.OfRound(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                ear.OnSound(S(5 + (i * 0.02)), S(2), S(1 + (i * 0.02)), null);
            }
        }));
    }

    [Fact]
    public void Ear_BeyondTheHorizon_StopsListening()
    {
        var ear = new MachineEar();

        ear.OnSound(MachineDetector.Horizon + S(1), S(1), S(1), null);

        Assert.False(ear.IsListening);
    }
}
