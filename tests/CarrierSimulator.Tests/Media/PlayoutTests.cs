using System.Runtime.InteropServices;

namespace CarrierSimulator.Tests;

public sealed class PlayoutTests
{
    [Fact]
    public void Play_WhateverComesWhenever_PlaysEverySampleInOrderAndEachMarkAfterItsAudio()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var playout = new Playout();
            var (added, played) = (0, 0);
            var due = new Queue<(string Name, int At)>();
            var heard = new short[160];
            for (var step = 0; step < 300 || playout.Waiting > 0; step++)
            {
                if (step < 300 && random.Next(3) == 0)
                {
                    var chunk = Enumerable.Range(added + 1, random.Next(0, 500)).Select(n => (short)((n % 30_000) + 1)).ToArray();
                    playout.Add(MemoryMarshal.AsBytes<short>(chunk));
                    added += chunk.Length;
                }

                if (step < 300 && random.Next(5) == 0)
                {
                    due.Enqueue(($"m{step}", added));
                    playout.AddMark($"m{step}");
                }

                var marks = new List<string>();
                var count = playout.Play(heard.AsSpan(0, random.Next(1, 161)), marks);
                Assert.All(Enumerable.Range(0, count), n => Assert.Equal((short)(((played + n + 1) % 30_000) + 1), heard[n]));
                played += count;
                foreach (var mark in marks)
                {
                    var (name, at) = due.Dequeue();
                    Assert.Equal(name, mark);
                    Assert.InRange(at, played - count, played);
                }

                Assert.True(due.Count == 0 || due.Peek().At > played);
                Assert.Equal(added - played, playout.Waiting);
            }

            Assert.Equal(added, played);
            Assert.Empty(due);
        }
    }

    [Fact]
    public void Clear_InMidChunk_LetsTheChunkEndAndDropsTheRest()
    {
        var playout = new Playout();
        playout.Add(new byte[2 * 100]);
        playout.Add(new byte[2 * 70]);
        playout.AddMark("a");
        var marks = new List<string>();
        Assert.Equal(30, playout.Play(new short[30], marks));

        Assert.Equal(70, playout.Clear(marks));

        Assert.Equal(["a"], marks);
        Assert.Equal(70, playout.Waiting);
        playout.AddMark("b");
        marks.Clear();
        Assert.Equal(70, playout.Play(new short[200], marks));
        Assert.Equal(["b"], marks);
        Assert.Equal(0, playout.Clear(marks));
    }
}
