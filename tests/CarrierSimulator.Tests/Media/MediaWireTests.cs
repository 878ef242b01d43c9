using System.Text.Json;
using SpokenTones;

namespace CarrierSimulator.Tests;

/// <summary>What the carrier sends, and when.</summary>
public sealed class MediaWireTests
{
    [Fact]
    public async Task Answer_WithoutVariants_SendsConnectedStartAndMediaAsDocumented()
    {
        await using var stage = await MediaStage.SetAsync();

        var sid = await stage.DialAsync(() => new Listener(), "/session-7/token?lead=42&sample-rate=16000&b=%C3%A4");
        using var agent = await stage.NextAsync();
        var third = await agent.WhenAsync(m => Field(m, "media.chunk") == "3", "a third chunk");

        Assert.Equal("/media/session-7/token?lead=42&sample-rate=16000&b=%C3%A4", agent.Path);
        Assert.Equal("""{"event":"connected"}""", agent.Messages[0].GetRawText());
        var call = stage.Carrier.Ledger.Entries[0];
        var expected = $$$$"""
            {"event":"start","sequence_number":"1","stream_sid":"{{{{agent.StreamSid}}}}","start":{"stream_sid":"{{{{agent.StreamSid}}}}",
            "call_sid":"{{{{sid}}}}","account_sid":"campaigns1","from":"0{{{{call.Number[3..]}}}}","to":"08047191234",
            "custom_parameters":{"lead":"42","b":"ä"},
            "media_format":{"encoding":"audio/x-raw","sample_rate":"16000","bit_rate":"16"}}}
            """;
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, agent.Messages[1]), agent.Messages[1].GetRawText());
        Assert.Equal(("4", "200"), (Field(third, "sequence_number"), Field(third, "media.timestamp")));
        Assert.Equal(3200, third.GetProperty("media").GetProperty("payload").GetBytesFromBase64().Length);
        await agent.CloseAsync();
        var talk = await stage.EndAsync(sid);
        Assert.Equal((16000, agent.StreamSid, 1), (talk.SampleRate, talk.StreamSid, talk.Handshakes));
    }

    [Fact]
    public async Task Answer_WithEveryVariant_WritesItsNamesAndNumbersSo()
    {
        await using var stage = await MediaStage.SetAsync(o =>
        {
            o.MediaStream.Names = MediaNames.CamelCase;
            o.MediaStream.Numbers = MediaNumbers.Numbers;
            o.MediaStream.CustomParameters = MediaCustomParameters.EmptyString;
            o.MediaStream.ChunkMilliseconds = 20;
        });

        var sid = await stage.DialAsync(() => new Listener { Then = p => p.Press('#') });
        using var agent = await stage.NextAsync();
        await agent.SendMarkAsync("m");
        await agent.WhenMarkAsync("m");
        var media = await agent.WhenEventAsync("media");
        var dtmf = await agent.WhenEventAsync("dtmf");

        Assert.Equal(("", "8000", JsonValueKind.Number), (
            Field(agent.Start, "customParameters"),
            Field(agent.Start, "mediaFormat.sampleRate"),
            agent.Start.GetProperty("mediaFormat").GetProperty("sampleRate").ValueKind));
        Assert.Equal(sid, Field(agent.Start, "callSid"));
        Assert.Equal(320, media.GetProperty("media").GetProperty("payload").GetBytesFromBase64().Length);
        Assert.Equal(JsonValueKind.Number, media.GetProperty("sequenceNumber").ValueKind);
        Assert.Equal(JsonValueKind.Number, media.GetProperty("media").GetProperty("timestamp").ValueKind);
        Assert.Equal(("#", agent.StreamSid), (Field(dtmf, "dtmf.digit"), Field(dtmf, "streamSid")));
        await agent.CloseAsync();
        Assert.Empty((await stage.EndAsync(sid)).ProtocolErrors);
    }

    [Fact]
    public void Rotate_OverEightCalls_GivesEveryCombination()
    {
        var options = new MediaOptions
        {
            Names = MediaNames.Rotate,
            Numbers = MediaNumbers.Rotate,
            CustomParameters = MediaCustomParameters.Rotate,
        };

        Assert.Equal(8, Enumerable.Range(5, 8).Select(i => MediaStyle.Of(options, i)).Distinct().Count());
        Assert.Equal(new MediaStyle(false, false, false), MediaStyle.Of(new MediaOptions(), 3));
    }

    [Fact]
    public async Task Media_WhileThePersonListens_ComesAtRealTime()
    {
        await using var stage = await MediaStage.SetAsync();

        var sid = await stage.DialAsync(() => new Listener());
        using var agent = await stage.NextAsync();
        await agent.WhenAsync(m => Field(m, "media.chunk") == "15", "1.5 s of audio");
        var messages = agent.Messages.Count(m => AgentSession.EventOf(m) == "media");
        await agent.CloseAsync();

        // The record's clock is that of the audio: 15 chunks are 1.5 s of it.
        var talk = await stage.EndAsync(sid);
        Assert.InRange(talk.EndedMs!.Value - talk.StartedMs!.Value, 1500, 1500 + ((messages - 14) * 100) + 1000);
    }

    [Fact]
    public async Task Audio_WhenThePersonSpeaks_IsWhatTheySaidWhenTheLedgerSays()
    {
        await using var stage = await MediaStage.SetAsync();

        var sid = await stage.DialAsync(() => new Listener { Then = p => p.Say("good morning", 250) }, "?sample-rate=24000");
        using var agent = await stage.NextAsync();
        var heard = await agent.HearAsync();
        await agent.CloseAsync();
        var said = Assert.Single((await stage.EndAsync(sid)).Said);

        Assert.Equal(("good morning", true), (heard!.Text, heard.Complete));
        var started = (await stage.EndAsync(sid)).StartedMs!.Value;
        Assert.InRange((heard.StartSample / 24.0) - (said.StartMs - started), -3, 3);
        Assert.InRange(said.StartMs - started, 249, 251);
        Assert.Equal(ToneVoice.DurationOf("good morning").TotalMilliseconds, said.EndMs - said.StartMs, 0.01);
    }

    [Theory]
    [InlineData("?sample-rate=11025", "sample-rate")]
    [InlineData("?a=1&b=2&c=3&d=4", "custom parameters")]
    public async Task Answer_WhenTheAddressAsksTooMuch_SaysSoAndGoesOn(string query, string error)
    {
        await using var stage = await MediaStage.SetAsync();

        var sid = await stage.DialAsync(() => new Listener(), query);
        using var agent = await stage.NextAsync();
        await agent.CloseAsync();
        var talk = await stage.EndAsync(sid);

        Assert.Contains(error, Assert.Single(talk.ProtocolErrors).Text, StringComparison.Ordinal);
        Assert.Equal((8000, 8000), (talk.SampleRate, agent.Rate));
    }

    private static string Field(JsonElement message, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (!message.TryGetProperty(name, out message))
            {
                return "";
            }
        }

        return message.ToString();
    }
}
