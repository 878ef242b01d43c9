using Campaigns.Audio;
using Campaigns.Testing;

namespace Campaigns.AudioTests;

public sealed class PlayoutBufferTests
{
    private const int Rate = 8000;
    private readonly PlayoutBuffer _buffer = new(new PlayoutOptions());
    private readonly byte[] _chunk = new byte[1600];

    [Fact]
    public void TryTake_WhenEverythingIsThere_SendsTheLeadAndThenOneChunkAtATime()
    {
        Speak(1, 1000);

        // 200 ms at once, then 100 ms every 100 ms.
        Assert.Equal([(0, 800, 0), (0, 800, 100), (100, 800, 200), (200, 800, 300)], TakeUntil(200));
        Assert.Equal(Ms(300), _buffer.NextDue(Ms(200)));
    }

    [Fact]
    public void TryTake_WhenTheUtteranceEndsRagged_PadsItToTheGrain()
    {
        _buffer.BeginUtterance(1);
        _buffer.Write(Enumerable.Repeat((short)7, 170).ToArray());
        _buffer.EndUtterance();

        Assert.True(_buffer.TryTake(Ms(0), _chunk, out var info));

        Assert.Equal(new PlayoutChunk(1, 0, 640, 170, Ms(0), Last: true), info);
        Assert.Equal(7, _chunk[338]);
        Assert.All(_chunk[340..640], b => Assert.Equal(0, b));
        // The padding plays as well, but is no part of the utterance.
        Assert.Equal(21.25, _buffer.PlayedMilliseconds(1, Ms(30)));
        Assert.False(_buffer.Drained(Ms(39)));
        Assert.True(_buffer.Drained(Ms(40)));
    }

    [Fact]
    public void TryTake_BeforeThePrebufferIsFull_HoldsBack_ButNotForEver()
    {
        _buffer.BeginUtterance(1);
        Write(60);

        Assert.Equal(Ms(510), _buffer.NextDue(Ms(10)));
        Assert.Empty(TakeUntil(509, from: 10));
        Assert.Equal([(510, 480, 510)], TakeUntil(510, from: 510));
    }

    [Fact]
    public void TryTake_WhenTheUtteranceIsShorterThanThePrebuffer_SendsItOnceItHasEnded()
    {
        _buffer.BeginUtterance(1);
        Write(60);
        Assert.Empty(TakeUntil(50));

        _buffer.EndUtterance();

        Assert.Equal([(50, 480, 50)], TakeUntil(60, from: 50));
    }

    [Fact]
    public void TryTake_WhenTheCarrierIsAboutToRunDry_SendsAShortChunkRatherThanNone()
    {
        _buffer.BeginUtterance(1);
        Write(150);

        // 50 ms are left, less than a chunk: they go 40 ms before the end of the first one.
        Assert.Equal([(0, 800, 0), (60, 320, 100)], TakeUntil(100));
        Assert.Equal(0, _buffer.Underruns);
    }

    [Fact]
    public void Underrun_IsCountedOnce_AndThePrebufferGrowsToItsLimit()
    {
        _buffer.BeginUtterance(1);
        var time = 0;
        for (var i = 1; i <= 10; i++)
        {
            Write(400);
            TakeUntil(time + 1000, from: time);
            time += 1000;
            Assert.Equal(i - 1, _buffer.Underruns);
            Assert.Equal(Ms(Math.Min(100 + (50 * (i - 1)), 400)), _buffer.Prebuffer);
        }
    }

    [Fact]
    public void Underrun_IsNotCounted_WhenTheUtteranceWasOverAndOnlyItsEndCameLate()
    {
        _buffer.BeginUtterance(1);
        Write(400);
        TakeUntil(5000);
        _buffer.EndUtterance();
        Speak(2, 400);
        TakeUntil(9000, from: 5000);

        Assert.Equal(0, _buffer.Underruns);
    }

    [Fact]
    public void Underrun_AfterWhich_TheGrownPrebufferIsFilledBeforeItGoesOn()
    {
        _buffer.BeginUtterance(1);
        Write(100);
        TakeUntil(300);
        Write(120);
        Assert.Empty(TakeUntil(340, from: 300));
        Assert.Equal(1, _buffer.Underruns);

        Write(40);

        Assert.Equal([(340, 800, 340), (400, 480, 440)], TakeUntil(400, from: 340));
    }

    [Fact]
    public void Prebuffer_WhenAllIsCalm_ShrinksToWhereItBegan()
    {
        _buffer.BeginUtterance(1);
        Write(200);
        TakeUntil(1000);
        Write(400);
        TakeUntil(2000, from: 1000);
        Assert.Equal(Ms(150), _buffer.Prebuffer);
        var seen = new List<double>();
        for (var time = 2000; time < 92_000; time += 10_000)
        {
            Speak(time, 10_000);
            TakeUntil(time + 10_000, from: time);
            seen.Add(_buffer.Prebuffer.TotalMilliseconds);
        }

        Assert.Equal([140, 130, 120, 110, 100, 100, 100, 100, 100], seen);
    }

    [Fact]
    public void Flush_ReportsWhatWasHeard_AndDropsTheRest()
    {
        Speak(1, 300);
        Speak(2, 500);
        TakeUntil(350);

        var cuts = _buffer.Flush(Ms(350));

        Assert.Equal([new UtteranceCut(2, 50, 500)], cuts);
        Assert.Equal(300, _buffer.PlayedMilliseconds(1, Ms(350)));
        Assert.Equal(50, _buffer.PlayedMilliseconds(2, Ms(9999)));
        Assert.True(_buffer.Drained(Ms(350)));
        Assert.Null(_buffer.NextDue(Ms(350)));
        Assert.Empty(_buffer.Flush(Ms(350)));
        Assert.Equal(PlayoutWrite.NoUtterance, _buffer.Write(new short[5]));
        Assert.Equal(5, _buffer.RefusedSamples);
    }

    [Fact]
    public void Flush_AfterWhich_TheNextUtteranceBeginsAtOnce()
    {
        Speak(1, 5000);
        TakeUntil(950);
        _buffer.Flush(Ms(950));

        Speak(2, 300);

        Assert.Equal([(950, 800, 950), (950, 800, 1050), (1050, 800, 1150)], TakeUntil(1100, from: 950));
        Assert.Equal(150, _buffer.PlayedMilliseconds(2, Ms(1100)));
    }

    [Fact]
    public void Flush_WhenNothingWasHeardYet_SaysZero()
    {
        Speak(7, 100);

        Assert.Equal([new UtteranceCut(7, 0, 100)], _buffer.Flush(Ms(0)));
    }

    [Fact]
    public void OnMark_ProvesWhatWasPlayed_AndFeedsNoFaster()
    {
        Speak(1, 1000);
        TakeUntil(0);

        _buffer.OnMark(0, Ms(10));

        Assert.Equal(100, _buffer.PlayedMilliseconds(1, Ms(10)));
        Assert.Equal(100, _buffer.PlayedMilliseconds(1, Ms(50)));
        Assert.Equal(Ms(100), _buffer.NextDue(Ms(50)));
        Assert.Equal(150, _buffer.PlayedMilliseconds(1, Ms(150)));
    }

    [Fact]
    public void OnMark_WhenLateUnknownOrFlushed_ChangesNothing()
    {
        Speak(1, 1000);
        TakeUntil(0);
        _buffer.OnMark(99, Ms(10));
        Assert.Equal(10, _buffer.PlayedMilliseconds(1, Ms(10)));
        _buffer.Flush(Ms(20));
        Speak(2, 1000);
        TakeUntil(20, from: 20);

        _buffer.OnMark(1, Ms(30));

        Assert.Equal(20, _buffer.PlayedMilliseconds(1, Ms(30)));
        Assert.Equal(10, _buffer.PlayedMilliseconds(2, Ms(30)));
        _buffer.OnMark(2, Ms(220));
        Assert.Equal(200, _buffer.PlayedMilliseconds(2, Ms(220)));
    }

    [Fact]
    public void Write_WhenTooMuchIsWaiting_RefusesItWholeAndCounts()
    {
        using var small = new PlayoutBuffer(new PlayoutOptions { MaxBuffered = TimeSpan.FromSeconds(1) });
        small.BeginUtterance(1);
        Assert.Equal(PlayoutWrite.Accepted, small.Write(new short[7000]));

        Assert.Equal(PlayoutWrite.NoRoom, small.Write(new short[1001]));

        Assert.Equal(1001, small.RefusedSamples);
        Assert.Equal(PlayoutWrite.Accepted, small.Write(new short[1000]));
        Assert.Equal(1000, small.BufferedMilliseconds);
    }

    [Fact]
    public void BeginUtterance_WhenOneIsOpen_EndsIt_SoThatItsRaggedEndGoesOut()
    {
        _buffer.BeginUtterance(1);
        _buffer.Write(new short[900]);
        Speak(2, 100);

        var sent = TakeUntil(400);

        Assert.Equal([(0, 800, 0), (0, 100, 100), (20, 800, 120)], sent);
        Assert.Throws<ArgumentException>(() => _buffer.BeginUtterance(2));
    }

    [Fact]
    public void PlayedMilliseconds_OfManyUtterances_RemembersTheLast64()
    {
        for (var i = 0; i < 100; i++)
        {
            Speak(i, 20);
            TakeUntil((i + 1) * 20, from: i * 20);
        }

        Assert.Null(_buffer.PlayedMilliseconds(10, Ms(9999)));
        Assert.Equal(20, _buffer.PlayedMilliseconds(40, Ms(9999)));
        Assert.Null(_buffer.PlayedMilliseconds(1234, Ms(9999)));
    }

    [Fact]
    public void Time_ThatGoesBack_CountsAsStandingStill()
    {
        Speak(1, 1000);
        TakeUntil(150);

        Assert.Equal(150, _buffer.PlayedMilliseconds(1, Ms(40)));
        Assert.Equal(150, Assert.Single(_buffer.Flush(Ms(0))).PlayedMilliseconds);
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        var frame = new short[800];
        _buffer.BeginUtterance(1);
        var at = 0;

        Assert.Equal(0, Allocation.OfRound(() =>
        {
            for (var end = at + 500; at < end; at++)
            {
                _buffer.Write(frame);
                while (_buffer.TryTake(Ms(at * 100), _chunk, out _))
                {
                }

                _buffer.NextDue(Ms(at * 100));
                _buffer.OnMark(at - 3, Ms(at * 100));
                _buffer.PlayedMilliseconds(1, Ms(at * 100));
                _buffer.Drained(Ms(at * 100));
            }
        }));
    }

    [Fact]
    public void Constructor_WhenOptionsCannotBe_NamesEveryError()
    {
        var error = Assert.Throws<ArgumentException>(() => new PlayoutBuffer(new PlayoutOptions
        {
            SampleRate = 1,
            ChunkBytes = 100,
            Lead = TimeSpan.FromHours(1),
            Prebuffer = TimeSpan.FromMilliseconds(-1),
            MaxPrebuffer = TimeSpan.FromMilliseconds(-2),
            PrebufferGrowth = TimeSpan.FromMilliseconds(-1),
            PrebufferDecay = TimeSpan.FromMilliseconds(-1),
            PrebufferPatience = TimeSpan.FromMilliseconds(-1),
            CalmPeriod = TimeSpan.Zero,
            MaxBuffered = TimeSpan.FromDays(1),
        }));

        foreach (var property in typeof(PlayoutOptions).GetProperties())
        {
            Assert.Contains($"PlayoutOptions.{property.Name} ", error.Message);
        }

        Assert.Contains("Lead", new PlayoutOptions { Lead = Ms(99) }.Validate().Single());
        Assert.Throws<ArgumentException>(() => _buffer.TryTake(Ms(0), new byte[1599], out _));
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private void Write(int milliseconds) => Assert.Equal(PlayoutWrite.Accepted, _buffer.Write(new short[milliseconds * Rate / 1000]));

    private void Speak(long id, int milliseconds)
    {
        _buffer.BeginUtterance(id);
        Write(milliseconds);
        _buffer.EndUtterance();
    }

    // Sent at, samples, plays at; asked every millisecond.
    private List<(int At, int Samples, int Plays)> TakeUntil(int milliseconds, int from = 0)
    {
        var sent = new List<(int, int, int)>();
        for (var time = from; time <= milliseconds; time++)
        {
            while (_buffer.TryTake(Ms(time), _chunk, out var info))
            {
                sent.Add((time, info.Samples, (int)info.PlaysAt.TotalMilliseconds));
            }
        }

        return sent;
    }
}
