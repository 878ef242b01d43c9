using System.Text;
using System.Text.Json;
using Campaigns.GeminiLive.Tests.Bed;
using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Tests;

/// <summary>A conversation over one connection.</summary>
public sealed class ConversationTests
{
    [Fact]
    public async Task Prompt_WhenModelIs31_IsRealtimeText()
    {
        await using var rig = await Rig.StartAsync();
        var (session, peer) = await rig.OpenAsync();
        session.Prompt("Greet \"Ravi\" नमस्ते \ud800");
        var message = await peer.ReadAsync();
        Assert.Equal("Greet \"Ravi\" नमस्ते \ufffd", message.GetProperty("realtimeInput").GetProperty("text").GetString());
        Assert.Equal(["realtimeInput"], message.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task Prompt_WhenModelIs25_IsClientContent()
    {
        await using var rig = await Rig.StartAsync(("Model", Rig.Native25));
        var (session, peer) = await rig.OpenAsync();
        session.Prompt("Greet Ravi");
        Assert.Equal(
            """{"clientContent":{"turns":[{"role":"user","parts":[{"text":"Greet Ravi"}]}],"turnComplete":true}}""",
            (await peer.ReadAsync()).GetRawText());
    }

    [Fact]
    public async Task SendAudio_WhateverItsChunks_ArrivesWholeInFramesOf20To40Milliseconds()
    {
        await using var rig = await Rig.StartAsync();
        var (session, peer) = await rig.OpenAsync();
        var voice = new byte[16_000];
        new Random(5).NextBytes(voice);
        for (var at = 0; at < voice.Length;)
        {
            var size = Math.Min(333, voice.Length - at);
            session.SendAudio(voice.AsSpan(at, size));
            at += size;
        }

        var heard = new List<byte>();
        while (heard.Count <= voice.Length - 640)
        {
            var chunk = await peer.ReadAudioAsync();
            Assert.InRange(chunk.Length, 640, 3_200);
            heard.AddRange(chunk);
        }

        Assert.Equal(voice.Take(heard.Count), heard);
    }

    [Fact]
    public async Task Messages_WhenTheyComeAsTextBinaryOrFragments_AreTheSame()
    {
        await using var rig = await Rig.StartAsync();
        var (_, peer) = await rig.OpenAsync();
        var message = Encoding.UTF8.GetBytes("""{"serverContent":{"inputTranscription":{"text":"नमस्ते जी"}}}""");
        await peer.SendAsync(message, System.Net.WebSockets.WebSocketMessageType.Binary);
        await peer.SendAsync(message, System.Net.WebSockets.WebSocketMessageType.Binary, fragment: 7);
        await peer.SendAsync(message, System.Net.WebSockets.WebSocketMessageType.Text, fragment: 1);
        await rig.Sink.WhenAsync(lines => lines.Count == 3, "three messages");
        Assert.All(rig.Sink.Lines, line => Assert.Equal("heard नमस्ते जी", line));
    }

    [Fact]
    public async Task Messages_WhenOneHoldsEverything_AreHandedOverInAUsefulOrder()
    {
        await using var rig = await Rig.StartAsync();
        var (_, peer) = await rig.OpenAsync();
        await peer.SendAsync(
            """
            {"serverContent":{"turnComplete":true,"generationComplete":true,"interrupted":true,"outputTranscription":{"text":"out"},"inputTranscription":{"text":"in"},
             "modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AQI="}},{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AwQ="}}]}},
             "usageMetadata":{"promptTokenCount":3},"toolCall":{"functionCalls":[{"id":"a","name":"f"}]}}
            """);
        await rig.Sink.WhenAsync("turn");
        Assert.Equal(
            ["heard in", "audio 4", "spoken out", "calls a:f{}", "interrupted", "generated", "usage 3 0 0 0", "turn"], rig.Sink.Lines);
    }

    [Fact]
    public async Task Messages_WhenTheyAreGarbageUnknownOrThoughts_AreIgnored()
    {
        await using var rig = await Rig.StartAsync();
        var (session, peer) = await rig.OpenAsync();
        await peer.SendAsync("garbage");
        await peer.SendAsync(new byte[] { 0xFF, 0xFE, 0x00 }, System.Net.WebSockets.WebSocketMessageType.Binary);
        await peer.SendAsync("""{"voiceActivity":{"voiceActivityType":"ACTIVITY_NEW"},"future":1}""");
        await peer.SendAsync("""{"serverContent":{"modelTurn":{"parts":[{"text":"my private thought","thought":true}]}}}""");
        await peer.SendAsync("""{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=16000","data":"AQI="}}]}}}""");
        await peer.SendAsync("""{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"!!"}}]}}}""");
        await peer.SendAsync("""{"serverContent":{"turnComplete":true}}""");
        await rig.Sink.WhenAsync("turn");
        Assert.Equal(["turn"], rig.Sink.Lines);
        Assert.False(session.Completion.IsCompleted);
        Assert.Contains("audio/pcm;rate=16000", rig.Logs.Text, StringComparison.Ordinal);
        Assert.Contains("not JSON", rig.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("private thought", rig.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_WhenOneIsTooLarge_TheConnectionIsClosedForThatAndTheConversationGoesOn()
    {
        await using var rig = await Rig.StartAsync();
        var (_, peer) = await rig.OpenAsync();
        var sending = peer.SendAsync(new byte[17 * 1024 * 1024], System.Net.WebSockets.WebSocketMessageType.Text, fragment: 1024 * 1024)
            .ContinueWith(_ => { }, TaskScheduler.Default);

        // What is still under way makes the client's system reset the connection, which may overtake the close frame.
        Assert.True(await peer.WhenOverAsync() is null or System.Net.WebSockets.WebSocketCloseStatus.MessageTooBig, "Another close status.");
        await rig.Sink.WhenAsync(lines => lines.Any(l => l.StartsWith("reconnecting 1009", StringComparison.Ordinal)), "the reconnect");
        await rig.PassBackoffAsync();
        await rig.Server.NextConfirmedAsync();
        await rig.Sink.WhenAsync("reconnected False");
        peer.Abort();
        await sending;
    }

    [Fact]
    public async Task Usage_WhenItComesSeveralTimes_IsSummedPerTurn()
    {
        await using var rig = await Rig.StartAsync();
        var (_, peer) = await rig.OpenAsync();
        await peer.SendAsync("""{"serverContent":{"outputTranscription":{"text":"a"}},"usageMetadata":{"promptTokenCount":10,"responseTokenCount":1}}""");
        await peer.SendAsync("""{"usageMetadata":{"promptTokenCount":20,"responseTokenCount":2}}""");
        await peer.SendAsync("""{"serverContent":{"turnComplete":true},"usageMetadata":{"promptTokenCount":30,"thoughtsTokenCount":4}}""");
        await peer.SendAsync("""{"usageMetadata":{"promptTokenCount":5}}""");
        await rig.Sink.WhenAsync("usage 5 0 0 0");
        Assert.Equal(["spoken a", "usage 60 0 4 3", "turn", "usage 5 0 0 0"], rig.Sink.Lines);
    }

    [Fact]
    public async Task Sink_WhenItThrows_IsLoggedAndTheConversationGoesOn()
    {
        await using var rig = await Rig.StartAsync();
        var (session, peer) = await rig.OpenAsync();
        rig.Sink.Hook = line => throw new InvalidOperationException($"sink {line[..4]}");
        await peer.SendAsync("""{"serverContent":{"inputTranscription":{"text":"secret words"}}}""");
        await peer.SendAsync("""{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"data":"AQI="}}]},"turnComplete":true}}""");
        await rig.Sink.WhenAsync("turn");
        Assert.Equal(["heard secret words", "audio 2", "turn"], rig.Sink.Lines);
        Assert.False(session.Completion.IsCompleted);
        Assert.Contains("OnAudio", rig.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret words", rig.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attach_WhenDoneTwice_Throws()
    {
        await using var rig = await Rig.StartAsync();
        var (session, _) = await rig.OpenAsync();
        Assert.Throws<InvalidOperationException>(() => session.Attach(new RecordingSink()));
    }

    [Fact]
    public async Task Close_WhenAsked_ClosesOrderlyAndTellsWhy()
    {
        await using var rig = await Rig.StartAsync();
        var (session, peer) = await rig.OpenAsync();
        await Patience.For(session.CloseAsync("hung up").AsTask(), "the close");
        Assert.Equal(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, await peer.WhenOverAsync());
        Assert.Equal(new LiveEnd(LiveEndKind.ClosedByUs, "hung up", 1), await session.Completion);
        await session.CloseAsync("again");
        await session.DisposeAsync();
        session.SendAudio(new byte[640]);
        session.Prompt("late");
        session.Answer([new ToolAnswer("x", "y", "{}")]);
        Assert.Equal("hung up", (await session.Completion).Reason);
    }

    [Fact]
    public async Task Close_WhenThePlatformDoesNotAnswer_IsCutInTime()
    {
        await using var rig = await Rig.StartAsync();
        var (session, peer) = await rig.OpenAsync();
        peer.AnswersClose = false;
        var closing = session.CloseAsync("hung up").AsTask();
        await peer.WhenOverAsync();
        Assert.False(closing.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        await Patience.For(closing, "the close");
    }

    [Fact]
    public async Task Close_WhenCalledBySink_DoesNotBlockTheLoop()
    {
        await using var rig = await Rig.StartAsync();
        var (session, peer) = await rig.OpenAsync();
        rig.Sink.Hook = line => { var closing = session.CloseAsync("by sink").AsTask(); };
        await peer.SendAsync("""{"serverContent":{"turnComplete":true}}""");
        Assert.Equal("by sink", (await Patience.For(session.Completion, "the end")).Reason);
        Assert.Equal(["turn"], rig.Sink.Lines);
    }

    [Fact]
    public async Task Sends_FromManyThreads_KeepControlInOrderAndFramesWhole()
    {
        await using var rig = await Rig.StartAsync();
        var (session, peer) = await rig.OpenAsync();
        var voices = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                session.SendAudio(new byte[640]);
            }
        }));
        var prompts = Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                session.Prompt($"p{i}");
            }
        });
        await Task.WhenAll([.. voices, prompts]);
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal($"p{i}", (await peer.ReadControlAsync()).GetProperty("realtimeInput").GetProperty("text").GetString());
        }
    }

    [Fact]
    public async Task Connection_WhenItTakesNothing_IsGivenUpAndTheVoiceIsBounded()
    {
        await using var rig = await Rig.StartAsync();
        using var stuck = new StuckSocket();
        using var connection = new Session.GeminiConnection(stuck, rig.Clock);
        var sending = connection.SendAsync(new byte[10]).AsTask();
        Assert.False(connection.IsStuck(TimeSpan.FromSeconds(10)));
        rig.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.True(connection.IsStuck(TimeSpan.FromSeconds(10)));
        connection.Abort();
        await Patience.For(Assert.ThrowsAnyAsync<Exception>(() => sending), "the send to fail");
    }
}
