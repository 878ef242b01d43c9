using System.Runtime.InteropServices;
using System.Text.Json;
using Campaigns.GeminiLive.Session;
using Campaigns.GeminiLive.Tests.Bed;
using Campaigns.GeminiLive.Wire;
using Campaigns.Testing;
using Xunit.Abstractions;

namespace Campaigns.GeminiLive.Tests;

/// <summary>The person's voice on its way out: bounded, in order, whole samples, and free of allocation.</summary>
public sealed class UplinkTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2)]
    [InlineData(640)]
    [InlineData(962)]
    [InlineData(AudioFrame.Most)]
    public void Write_WhateverTheSize_IsTheMessageAJsonWriterWouldMake(int size)
    {
        var pcm = new byte[size];
        new Random(size).NextBytes(pcm);
        var frame = new byte[AudioFrame.MaxLength];
        var json = JsonDocument.Parse(frame.AsMemory(0, AudioFrame.Write(pcm, frame))).RootElement;
        var audio = json.GetProperty("realtimeInput").GetProperty("audio");
        Assert.Equal("audio/pcm;rate=16000", audio.GetProperty("mimeType").GetString());
        Assert.Equal(pcm, audio.GetProperty("data").GetBytesFromBase64());
        Assert.Equal(["realtimeInput"], json.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void Buffer_WhateverIsWrittenAndRead_IsAQueueThatDropsItsOldest()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        using var buffer = new UplinkBuffer();
        var model = new List<byte>();
        byte next = 0;
        var into = new byte[3_000];
        for (var step = 0; step < 20_000; step++)
        {
            if (random.Next(3) > 0)
            {
                var limit = random.Next(1, 20_000) * 2;
                var pcm = new byte[random.Next(0, 1_500)];
                foreach (ref var b in pcm.AsSpan())
                {
                    b = next++;
                }

                var dropped = buffer.Write(pcm, limit);
                model.AddRange(pcm);
                Assert.Equal(0, dropped % 2);
                Assert.InRange(dropped, Math.Max(0, model.Count - limit), Math.Max(0, model.Count - limit + 1));
                model.RemoveRange(0, Math.Min(dropped, model.Count));
            }
            else
            {
                var least = random.Next(0, 700);
                var size = buffer.Read(into.AsSpan(0, random.Next(1, 1_500) * 2), least, out _);
                Assert.True(size % 2 == 0 && (size == 0 || model.Count >= least));
                Assert.True(into.AsSpan(0, size).SequenceEqual(CollectionsMarshal.AsSpan(model)[..size]));
                model.RemoveRange(0, size);
            }

            Assert.Equal(model.Count, buffer.Count);
        }
    }

    [Fact]
    public void Buffer_WhenDisposed_TakesAndGivesNothing()
    {
        var buffer = new UplinkBuffer();
        buffer.Write(new byte[100], 1_000);
        buffer.Dispose();
        Assert.Equal(0, buffer.Write(new byte[100], 1_000));
        Assert.Equal(0, buffer.Read(new byte[100], 0, out _));
    }

    [Fact]
    public void Frames_InSteadyState_CostNoAllocation()
    {
        using var buffer = new UplinkBuffer();
        var signal = new AsyncSignal();
        var pcm = new byte[640];
        var chunk = new byte[AudioFrame.Most];
        var frame = new byte[AudioFrame.MaxLength];
        var total = 0;
        void Frame()
        {
            buffer.Write(pcm, 64_000);
            signal.Set();
            Assert.True(signal.WaitAsync().IsCompletedSuccessfully);
            var size = buffer.Read(chunk, AudioFrame.Least, out _);
            total += AudioFrame.Write(chunk.AsSpan(0, size), frame);
        }

        Assert.Equal(0, Allocated(Frame));
        Assert.NotEqual(0, total);
    }

    [Fact]
    public void Voice_InSteadyState_IsReadWithoutAllocation()
    {
        using var message = new ServerMessage();
        var json = System.Text.Encoding.UTF8.GetBytes(
            "{\"serverContent\":{\"modelTurn\":{\"role\":\"model\",\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/pcm;rate=24000\",\"data\":\""
            + Convert.ToBase64String(new byte[1_921]) + "\"}}]}}}");
        var heard = 0;
        Assert.Equal(0, Allocated(() => heard += ServerMessageReader.TryRead(json, message) ? message.Audio.Length : -1_000_000));
        Assert.True(heard > 0);
    }

    [Fact]
    public async Task Signal_WhenSetJustAsTheLoopWaits_NeitherFailsNorLosesAWake()
    {
        // In turns: each side goes on at once when the other has, so that setting and waiting meet in every possible way.
        var there = new AsyncSignal();
        var back = new AsyncSignal();
        const int Rounds = 100_000;
        async Task Serve()
        {
            for (var i = 0; i < Rounds; i++)
            {
                there.Set();
                await back.WaitAsync();
            }
        }

        async Task Return()
        {
            for (var i = 0; i < Rounds; i++)
            {
                await there.WaitAsync();
                back.Set();
            }
        }

        await Patience.For(Task.WhenAll(Task.Run(Serve), Task.Run(Return)), "the last round");
    }

    [Fact]
    public void Read_WhenAudioWaits_TellsWhenTheOldestOfItCame()
    {
        using var buffer = new UplinkBuffer();
        var into = new byte[640];
        buffer.Write(new byte[640], 64_000, at: 1);
        buffer.Write(new byte[960], 64_000, at: 2);

        Assert.Equal((640, 1), (buffer.Read(into, AudioFrame.Least, out var since), since));
        Assert.Equal((640, 2), (buffer.Read(into, AudioFrame.Least, out since), since));
        Assert.Equal(0, buffer.Read(into, AudioFrame.Least, out _));
        buffer.Write(new byte[960], 64_000, at: 3);
        Assert.Equal((640, 2), (buffer.Read(into, AudioFrame.Least, out since), since));
        Assert.Equal((640, 3), (buffer.Read(into, AudioFrame.Least, out since), since));
    }

    [Fact]
    public async Task Run_WhenTheLoopWaits_RunsItHere()
    {
        var signal = new AsyncSignal();
        var (wakes, thread) = (0, 0);
        async Task LoopAsync()
        {
            while (wakes < 3)
            {
                await signal.WaitAsync();
                wakes++;
                thread = Environment.CurrentManagedThreadId;
            }
        }

        // Without the test runner's context, to which the loop would go back.
        await Task.Run(() =>
        {
            var loop = LoopAsync();
            for (var i = 1; i <= 3; i++)
            {
                signal.Run();
                Assert.Equal((i, Environment.CurrentManagedThreadId), (wakes, thread));
            }

            Assert.True(loop.IsCompletedSuccessfully);
        });
    }

    [Fact]
    public async Task Signal_WhenSetFromManyThreads_LosesNoWake()
    {
        var signal = new AsyncSignal();
        var count = 0;
        var seen = 0;
        const int Total = 200_000;
        var consumer = Task.Run(async () =>
        {
            while (seen < Total)
            {
                await signal.WaitAsync();
                seen = Volatile.Read(ref count);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Total / 4; i++)
            {
                Interlocked.Increment(ref count);
                if (i % 2 == 0)
                {
                    signal.Set();
                }
                else
                {
                    signal.Run();
                }
            }
        })));
        await Patience.For(consumer, "the last wake");
    }

    private static long Allocated(Action action) => Allocation.OfRound(() =>
    {
        for (var i = 0; i < 1_000; i++)
        {
            action();
        }
    });
}
