namespace Campaigns.Calls.Tests;

/// <summary>Sound is placed where it was made, however late it comes.</summary>
public sealed class StreamClockTests
{
    private const int Rate = 8000;
    private const int Frame = 160;
    private readonly StreamClock stream = new(Rate);
    private TimeSpan now;

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    [Fact]
    public void Take_OfASteadyStream_TellsTheTimeOnTheWall()
    {
        Flow(200);

        Assert.Equal(Ms(4000), stream.Heard);
        Assert.Equal(now, stream.Heard);
    }

    [Fact]
    public void Take_OfChunksThatJitter_CountsSamples()
    {
        var random = new Random(7);
        for (var i = 1; i <= 500; i++)
        {
            now = Ms((i * 20) + (i % 100 == 1 ? 0 : random.Next(0, 200)));
            stream.Take(Frame, now);
            Assert.Equal(Ms(i * 20), stream.Heard);
        }
    }

    [Theory]
    [InlineData(300, 0)]
    [InlineData(1000, 0)]
    [InlineData(5000, 0)]
    [InlineData(1000, 5)]
    [InlineData(2000, 10)]
    public void Take_AfterAStall_MovesNothingWhenAllHasCome(int stallMs, int catchUpMs)
    {
        Flow(100);
        var frames = 0;
        var made = now;
        now += Ms(stallMs);

        // What was held back comes one chunk after the other, faster than it was made, until it is in time again.
        while (made + Ms((frames + 1) * 20) <= now)
        {
            now += Ms(catchUpMs);
            stream.Take(Frame, now);
            frames++;
        }

        Flow(20);
        Assert.InRange((now - stream.Heard).TotalMilliseconds, 0, 20);
    }

    [Theory]
    [InlineData(600)]
    [InlineData(30_000)]
    public void Take_AfterAGapOfTheCarriers_MovesOn(int gapMs)
    {
        Flow(100);
        now += Ms(gapMs);
        Flow(16);

        Assert.Equal(now, stream.Heard);
    }

    [Fact]
    public void Take_WhenTheFirstChunkWasLate_FindsTheBeginning()
    {
        now = Ms(150);
        Flow(1);
        now = Ms(20);
        Flow(10);

        Assert.Equal(now, stream.Heard);
    }

    [Fact]
    public void Take_OfAnything_IsNeverAheadOfWhatHasCome()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var clock = new StreamClock(Rate);
            var at = TimeSpan.Zero;
            for (var i = 0; i < 300; i++)
            {
                at += Ms(random.Next(10) == 0 ? random.Next(0, 3000) : random.Next(0, 40));
                Assert.True(clock.Take(random.Next(1, 1600), at) <= at, $"seed {seed}, chunk {i}");
            }
        }
    }

    [Fact]
    public void Listened_WhileTheStreamFlows_IsItsTime_AndOnTheWallOtherwise()
    {
        Flow(50);

        Assert.Equal(stream.Heard, stream.Listened(now + Ms(300)));
        Assert.Equal(now + Ms(600), stream.Listened(now + Ms(600)));
    }

    private void Flow(int frames)
    {
        for (var i = 0; i < frames; i++)
        {
            now += Ms(20);
            stream.Take(Frame, now);
        }
    }
}
