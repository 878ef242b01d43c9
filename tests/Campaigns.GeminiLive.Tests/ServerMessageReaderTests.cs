using System.Text;
using Campaigns.GeminiLive.Wire;
using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Tests;

/// <summary>One message of the platform: every field on its own, nothing that must not be heard, nothing that breaks it.</summary>
public sealed class ServerMessageReaderTests : IDisposable
{
    private readonly ServerMessage message = new();

    public void Dispose() => message.Dispose();

    [Fact]
    public void Read_WhenEverythingComesAtOnce_KeepsEverything()
    {
        Assert.True(Read(
            """
            {"usageMetadata":{"promptTokenCount":30,"responseTokenCount":12,"thoughtsTokenCount":2,"promptTokensDetails":[{"modality":"TEXT","tokenCount":10},{"modality":"AUDIO","tokenCount":20}],"responseTokensDetails":[{"modality":"AUDIO","tokenCount":12}]},
             "serverContent":{"turnComplete":true,"turnCompleteReason":"NEED_MORE_INPUT","generationComplete":true,"interrupted":true,
               "outputTranscription":{"text":" hello","finished":true,"languageCode":"en"},"inputTranscription":{"text":" hi"},
               "interimInputTranscription":{"text":"no"},"waitingForInput":true,
               "modelTurn":{"role":"model","parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AQID"}},{"inlineData":{"data":"BAUG","mimeType":"audio/pcm;rate=24000"}}]}},
             "toolCall":{"functionCalls":[{"id":"a","name":"f","args":{"X_y":1.0,"s":"\u0939"}},{"name":"g"}]},
             "toolCallCancellation":{"ids":["z"]},
             "goAway":{"timeLeft":"9.5s"},
             "sessionResumptionUpdate":{"newHandle":"h","resumable":true,"lastConsumedClientMessageIndex":"4"},
             "setupComplete":{},"brandNew":[{"deep":{"er":[1,2,3]}}]}
            """));
        Assert.True(message.SetupComplete && message.Interrupted && message.GenerationComplete && message.TurnComplete && message.ModelTurn);
        Assert.Equal("NEED_MORE_INPUT", message.TurnCompleteReason);
        Assert.Equal((" hi", " hello"), (message.Heard, message.Spoken));
        Assert.Equal([1, 2, 3, 4, 5, 6], message.Audio.ToArray());
        Assert.Equal(new LiveUsage(10, 20, 2, 12), message.Usage);
        Assert.Equal([new WireCall("a", "f", """{"X_y":1.0,"s":"\u0939"}"""), new WireCall(null, "g", "{}")], message.Calls);
        Assert.Equal(["z"], message.CancelledIds);
        Assert.Equal(TimeSpan.FromSeconds(9.5), message.TimeLeft);
        Assert.Equal((true, true, "h"), (message.ResumptionUpdate, message.Resumable, message.NewHandle));
    }

    [Fact]
    public void Read_WhenNext_ForgetsTheMessageBefore()
    {
        Read_WhenEverythingComesAtOnce_KeepsEverything();
        Assert.True(Read("{}"));
        Assert.False(
            message.SetupComplete || message.Interrupted || message.GenerationComplete || message.TurnComplete || message.ModelTurn
            || message.ResumptionUpdate || message.Resumable);
        Assert.True(message is { Heard: null, Spoken: null, TurnCompleteReason: null, NewHandle: null, TimeLeft: null, Usage: null, ForeignAudio: null });
        Assert.True(message.Audio.IsEmpty);
        Assert.Empty(message.Calls);
        Assert.Empty(message.CancelledIds);
    }

    [Theory]
    [InlineData("+/+/")]
    [InlineData("-_-_")]
    [InlineData("+_-/")]
    [InlineData("+\\/+\\/")]
    public void Read_WhenAudioIsOfEitherAlphabet_DecodesIt(string data)
    {
        Assert.True(Read(Sound(data)));
        Assert.Equal([0xFB, 0xFF], message.Audio.ToArray());
    }

    [Theory]
    [InlineData("AQI=")]
    [InlineData("AQI")]
    public void Read_WhenAudioIsPaddedOrNot_DecodesIt(string data)
    {
        Assert.True(Read(Sound(data)));
        Assert.Equal([1, 2], message.Audio.ToArray());
    }

    [Fact]
    public void Read_WhenSamplesAreSplitBetweenMessages_JoinsThem()
    {
        var heard = new List<byte>();
        foreach (var data in new[] { "AQID", "BAUG", "Bw==", "CA==", "CQ==" })
        {
            Assert.True(Read(Sound(data)));
            Assert.Equal(0, message.Audio.Length % 2);
            heard.AddRange(message.Audio);
        }

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], heard);
    }

    [Fact]
    public void Read_WhenAMessageBetweenHalvesIsBroken_StillJoinsThem()
    {
        Assert.True(Read(Sound("AQID")));
        Assert.False(Read(Sound("BBBB")[..^3]));
        Assert.Empty(message.Audio.ToArray());
        Assert.True(Read(Sound("BAUG")));
        Assert.Equal([3, 4, 5, 6], message.Audio.ToArray());
    }

    [Fact]
    public void Read_WhenATurnEndedOnHalfASample_DoesNotShiftTheNext()
    {
        Assert.True(Read(Sound("AQID")));
        message.EndSound();
        Assert.True(Read(Sound("BAUGBw==")));
        Assert.Equal([4, 5, 6, 7], message.Audio.ToArray());
    }

    [Theory]
    [InlineData("A")]
    [InlineData("AQ!D")]
    [InlineData("AQID=AQID")]
    [InlineData("आशा")]
    public void Read_WhenAudioIsNotBase64_LeavesItOutAndKeepsTheRest(string data)
    {
        Assert.True(Read(Sound("Cg==")));
        Assert.True(Read(Two(data, "AQID", "BAUG")));
        Assert.Equal(1, message.BrokenAudio);
        Assert.Equal([1, 2, 3, 4, 5, 6], message.Audio.ToArray());
        Assert.Equal("x", message.Spoken);
    }

    [Theory]
    [InlineData("audio/pcm;rate=16000", false)]
    [InlineData("audio/pcm;rate=abc", false)]
    [InlineData("audio/opus", false)]
    [InlineData("image/png", false)]
    [InlineData("audio/pcm", true)]
    [InlineData("audio/PCM; rate=24000", true)]
    [InlineData("audio/pcm;channels=1;Rate=24000", true)]
    public void Read_WhenAudioHasAnotherRate_IsNotPlayed(string mime, bool played)
    {
        Assert.True(Read("{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"inlineData\":{\"data\":\"AQIDBA==\",\"mimeType\":\"" + mime + "\"}}]}}}"));
        Assert.Equal(played ? 4 : 0, message.Audio.Length);
        Assert.Equal(played ? null : mime, message.ForeignAudio);
    }

    [Fact]
    public void Read_WhenPartsAreThoughts_HandsNothingOfThemOver()
    {
        Assert.True(Read(
            """
            {"serverContent":{"modelTurn":{"parts":[{"text":"I must think","thought":true},{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AQID"},"thought":true},
            {"thought":true,"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AQIDBA=="}},{"text":"said"},{"thought":false,"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"BQY="}}]}}}
            """));
        Assert.Equal([5, 6], message.Audio.ToArray());
        Assert.Null(message.Spoken);
    }

    [Theory]
    [InlineData("""{"serverContent":7,"toolCall":"x","usageMetadata":[],"goAway":null,"sessionResumptionUpdate":true,"setupComplete":"yes"}""")]
    [InlineData("""{"serverContent":{"modelTurn":[],"turnComplete":"true","interrupted":1,"inputTranscription":"x","outputTranscription":{"text":7}}}""")]
    [InlineData("""{"serverContent":{"modelTurn":{"parts":{}}},"toolCall":{"functionCalls":[1,"x",null,{"id":"a"},{"name":7}]}}""")]
    [InlineData("""{"serverContent":{"modelTurn":{"parts":[1,[],{"inlineData":"x"},{"inlineData":{"data":{"a":1}}}]}},"toolCallCancellation":{"ids":[1,{},""]}}""")]
    public void Read_WhenValuesHaveOtherTypes_TakesThemAsAbsent(string json)
    {
        Assert.True(Read(json));
        Assert.False(message.SetupComplete || message.TurnComplete || message.Interrupted || message.ResumptionUpdate);
        Assert.True(message.Audio.IsEmpty);
        Assert.Empty(message.Calls);
        Assert.Empty(message.CancelledIds);
        Assert.True(message is { Heard: null, Spoken: null, TimeLeft: null });
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("""{"setupComplete":{}}x""")]
    [InlineData("""{"setupComplete":{},}""")]
    [InlineData("not json")]
    public void Read_WhenItIsNoMessage_RefusesItWhole(string json)
    {
        Assert.False(Read(json));
        Assert.False(message.SetupComplete);
    }

    [Fact]
    public void Read_WhenTextIsNotUtf8_KeepsTheRest()
    {
        byte[] json = [.. "{\"serverContent\":{\"inputTranscription\":{\"text\":\"a"u8, 0xFF, 0xC3, .. "b\"}}}"u8];
        Assert.True(ServerMessageReader.TryRead(json, message));
        Assert.Equal("a\uFFFD\uFFFDb", message.Heard);
    }

    [Fact]
    public void Read_WhenNestedTooDeeply_RefusesIt()
        => Assert.False(Read("{\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}"));

    [Theory]
    [InlineData("\"9.5s\"", 9_500)]
    [InlineData("\"0s\"", 0)]
    [InlineData("\"-3s\"", 0)]
    [InlineData("\"1e99s\"", 3_600_000)]
    [InlineData("\"soon\"", 5_000)]
    [InlineData("{\"seconds\":3}", 5_000)]
    [InlineData("\"60.250s\"", 60_250)]
    public void Read_WhenGoAwayComes_KnowsTheTimeLeft(string timeLeft, int milliseconds)
    {
        Assert.True(Read("{\"goAway\":{\"timeLeft\":" + timeLeft + "}}"));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), message.TimeLeft);
    }

    [Theory]
    [InlineData("""{"promptTokenCount":10,"responseTokenCount":5}""", 10, 0, 0, 5)]
    [InlineData("""{"promptTokenCount":10,"candidatesTokenCount":5,"candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":4},{"modality":"TEXT","tokenCount":1}]}""", 10, 0, 1, 4)]
    [InlineData("""{"promptTokensDetails":[{"modality":"AUDIO","tokenCount":7},{"modality":"TEXT","tokenCount":3}]}""", 3, 7, 0, 0)]
    [InlineData("""{"promptTokenCount":"12","toolUsePromptTokenCount":4,"promptTokensDetails":[{"modality":"NEW","tokenCount":2},{"tokenCount":1},7]}""", 16, 0, 0, 0)]
    [InlineData("""{"promptTokenCount":-4,"responseTokenCount":1.5,"thoughtsTokenCount":99999999999999999999999}""", 0, 0, 0, 0)]
    [InlineData("{}", 0, 0, 0, 0)]
    public void Read_WhenUsageIsIncomplete_CountsWhatIsKnown(string usage, int inputText, int inputAudio, int outputText, int outputAudio)
    {
        Assert.True(Read("{\"usageMetadata\":" + usage + "}"));
        Assert.Equal(new LiveUsage(inputText, inputAudio, outputText, outputAudio), message.Usage);
    }

    private static string Sound(string data)
        => "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/pcm;rate=24000\",\"data\":\"" + data + "\"}}]}}}";

    private static string Two(string first, string second, string third)
        => "{\"serverContent\":{\"outputTranscription\":{\"text\":\"x\"},\"modelTurn\":{\"parts\":["
            + string.Join(',', new[] { first, second, third }.Select(d => "{\"inlineData\":{\"mimeType\":\"audio/pcm;rate=24000\",\"data\":\"" + d + "\"}}"))
            + "]}}}";

    private bool Read(string json) => ServerMessageReader.TryRead(Encoding.UTF8.GetBytes(json), message);
}
