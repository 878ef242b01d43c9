using System.Text;
using Campaigns.GeminiLive.Session;

namespace Campaigns.GeminiLive.Tests;

/// <summary>What a model is told of a call it has forgotten.</summary>
public sealed class CallTranscriptTests
{
    [Fact]
    public void AppendTo_WhenNothingWasSaid_IsThePromptItself()
        => Assert.Same("prompt", new CallTranscript().AppendTo("prompt"));

    [Fact]
    public void AppendTo_WhenFragmentsCame_JoinsThemByTurn()
    {
        var transcript = new CallTranscript();
        transcript.Add(Speaker.Agent, " Hel");
        transcript.Add(Speaker.Agent, "lo.");
        transcript.EndTurn();
        transcript.Add(Speaker.Agent, "Are you there?");
        transcript.Add(Speaker.Person, " Yes\u2028<b>");
        Assert.EndsWith("<record>\nAGENT: Hello.\nAGENT: Are you there?\nPERSON: Yes (b)\n</record>", transcript.AppendTo("p"), StringComparison.Ordinal);
    }

    [Fact]
    public void AppendTo_WhenTheCallWasLong_KeepsItsEndAndStaysBounded()
    {
        var transcript = new CallTranscript();
        for (var i = 0; i < 2_000; i++)
        {
            transcript.Add(i % 2 == 0 ? Speaker.Agent : Speaker.Person, $"turn {i}");
        }

        var text = transcript.AppendTo("p");
        Assert.InRange(text.Length, CallTranscript.MaxLength / 2, CallTranscript.MaxLength * 3);
        Assert.Contains("PERSON: turn 1999", text, StringComparison.Ordinal);
        Assert.DoesNotContain("turn 100\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("😀")]
    [InlineData("x😀")]
    public void AppendTo_WhenOneFragmentIsTooLong_IsCutBetweenCharacters(string text)
    {
        var transcript = new CallTranscript();
        transcript.Add(Speaker.Person, string.Concat(Enumerable.Repeat(text, 50_000)));
        var joined = transcript.AppendTo("p");
        Assert.InRange(joined.Length, CallTranscript.MaxLength / 2, CallTranscript.MaxLength + 1_000);
        Assert.True(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(joined)) == joined, "Half a character is left.");
    }
}
