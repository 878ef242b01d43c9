using Campaigns.Audio;
using Campaigns.DomainTests;

namespace Campaigns.AudioTests;

/// <summary>Laws of the playout buffer over random arrivals, on a simulated clock, judged by a carrier that keeps its own account.</summary>
public sealed class PlayoutLawTests
{
    [Fact]
    public void AnyArrivals_KeepEveryLaw() => Law.Holds(dice => new Run(dice).Go(), cases: 300, throws: 200);

    private sealed class Run(Dice dice)
    {
        private readonly int _rate = dice.Of(8000, 16000, 24000);
        private readonly List<short> _owed = [];
        private readonly Dictionary<long, long> _written = [];
        private PlayoutOptions _options = new();
        private PlayoutBuffer _buffer = null!;
        private SimulatedCarrier _carrier = null!;
        private TimeSpan _now = TimeSpan.FromSeconds(3);
        private short _next = 1;
        private long _utterance;
        private long _flushed;

        public void Go()
        {
            _options = new PlayoutOptions
            {
                SampleRate = _rate,
                ChunkBytes = 320 * dice.Int(1, 10),
                Lead = TimeSpan.FromTicks(dice.Int(2_000_000, 5_000_000)),
                Prebuffer = TimeSpan.FromMilliseconds(dice.Int(0, 200)),
                MaxBuffered = TimeSpan.FromSeconds(dice.Of(1, 120)),
            };
            using var buffer = _buffer = new PlayoutBuffer(_options);
            _carrier = new SimulatedCarrier(_rate);
            for (var step = 0; step < 60; step++)
            {
                Step();
                TakeAll();
                CheckAccounts();
            }

            _buffer.EndUtterance();
            PlayOut();
        }

        private void Step()
        {
            switch (dice.Int(0, 9))
            {
                case 0:
                    _buffer.BeginUtterance(++_utterance);
                    _written[_utterance] = 0;
                    break;
                case 1:
                    _buffer.EndUtterance();
                    break;
                case 2:
                    Flush();
                    break;
                case 3 or 4 or 5:
                    Write(dice.Of(dice.Int(0, 300), dice.Int(100, 3000), _rate));
                    break;
                default:
                    WaitUntil(_now + TimeSpan.FromTicks(dice.Of(dice.Int(1, 300_000), dice.Int(1, 3_000_000), 200_000)));
                    break;
            }
        }

        private void Write(int count)
        {
            var samples = Enumerable.Range(0, count).Select(_ => _next = (short)(_next == short.MaxValue ? 1 : _next + 1)).ToArray();
            if (_buffer.Write(samples) == PlayoutWrite.Accepted)
            {
                _owed.AddRange(samples);
                _written[_utterance] += count;
            }
        }

        // Time does not jump over what is due, and nothing may be had before it is due.
        private void WaitUntil(TimeSpan end)
        {
            while (_buffer.NextDue(_now) is { } due && due <= end)
            {
                Assert.True(due > _now, "What is due now was taken.");
                var early = _now + ((due - _now) / 2);
                Assert.False(_buffer.TryTake(early, new byte[_options.ChunkBytes], out _), "A chunk came before it was due.");
                _now = due;
                Assert.True(TakeAll() > 0, "Nothing came when it was due.");
            }

            _now = end;
        }

        private int TakeAll()
        {
            var chunk = new byte[_options.ChunkBytes];
            var count = 0;
            for (; _buffer.TryTake(_now, chunk, out var info); count++)
            {
                _carrier.Receive(_now, info, chunk);
                Assert.InRange(_carrier.Holds(_now), TimeSpan.Zero, _options.Lead);
            }

            Assert.True(_buffer.NextDue(_now) is not { } due || due > _now);
            return count;
        }

        private void Flush()
        {
            var cuts = _buffer.Flush(_now);
            foreach (var cut in cuts)
            {
                Assert.Equal(Milliseconds(_carrier.Played(cut.Utterance, _now)), cut.PlayedMilliseconds);
                Assert.Equal(Milliseconds(_written[cut.Utterance]), cut.GeneratedMilliseconds);
            }

            // Whoever is not named was heard to the end.
            foreach (var (utterance, written) in _written.Where(w => w.Key > _flushed && cuts.All(c => c.Utterance != w.Key)))
            {
                Assert.Equal(written, _carrier.Played(utterance, _now));
            }

            _flushed = _utterance;
            Assert.Equal(_owed[.._carrier.Received.Count], _carrier.Received);
            _carrier.Clear(_now);
            _carrier.Received.Clear();
            _owed.Clear();
            Assert.Equal(0, _buffer.BufferedMilliseconds);
            Assert.True(_buffer.Drained(_now));
        }

        private void CheckAccounts()
        {
            foreach (var (utterance, written) in _written)
            {
                var played = _buffer.PlayedMilliseconds(utterance, _now);
                Assert.Equal(Milliseconds(_carrier.Played(utterance, _now)), played);
                Assert.True(played <= Milliseconds(written));
            }

            Assert.InRange(_buffer.BufferedMilliseconds, 0, _options.MaxBuffered.TotalMilliseconds);
            CheckOrder();
        }

        // Everything sent is the beginning of what was written, and the rest waits.
        private void CheckOrder()
        {
            Assert.Equal(_owed[.._carrier.Received.Count], _carrier.Received);
            Assert.Equal(Milliseconds(_owed.Count - _carrier.Received.Count), _buffer.BufferedMilliseconds);
        }

        private void PlayOut()
        {
            while (_buffer.NextDue(_now) is { } due)
            {
                _now = due;
                TakeAll();
            }

            Assert.Equal(_owed, _carrier.Received);
            Assert.Equal(_carrier.Holds(_now) == TimeSpan.Zero, _buffer.Drained(_now));
            _now = _buffer.CarrierDryAt > _now ? _buffer.CarrierDryAt : _now;
            Assert.True(_buffer.Drained(_now));
            CheckAccounts();
        }

        private double Milliseconds(long samples) => samples * 1000.0 / _rate;
    }
}
