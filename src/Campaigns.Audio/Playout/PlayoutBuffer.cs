namespace Campaigns.Audio;

/// <summary>
/// Holds the agent's audio, at the carrier's rate, and hands it on in small steady chunks, so that the carrier never holds more than
/// <see cref="PlayoutOptions.Lead"/> of it and a flush leaves little behind. It has no timer and no thread: every call names the time, on any
/// clock that never goes back, and <see cref="NextDue"/> says when to ask again. One caller at a time. Nothing is allocated per chunk.
/// <para>Silence before the first word counts as audio; a gap between two chunks of one utterance counts as an underrun.</para>
/// </summary>
public sealed class PlayoutBuffer : IDisposable
{
    private const int SampleGrain = PlayoutOptions.ByteGrain / 2;

    // An utterance that is about to run dry sends what it has in less than a full chunk, this long before.
    private static readonly TimeSpan ShortChunkBefore = TimeSpan.FromMilliseconds(40);

    private readonly PlayoutOptions _options;
    private readonly CarrierClock _clock;
    private readonly PlayoutLedger _ledger;
    private readonly AdaptivePrebuffer _prebuffer;
    private readonly SampleRing _ring = new();
    private readonly Queue<Utterance> _pending = new();
    private readonly int _chunkSamples;
    private readonly int _room;
    private Utterance? _open;
    private TimeSpan _now;
    private long _sequence;

    /// <summary>An empty buffer.</summary>
    /// <param name="options">Its sizes and waits.</param>
    /// <exception cref="ArgumentException">Options that cannot be: all that is wrong with them.</exception>
    public PlayoutBuffer(PlayoutOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        }

        _options = options;
        _clock = new CarrierClock(options.SampleRate);
        _ledger = new PlayoutLedger(_clock);
        _prebuffer = new AdaptivePrebuffer(options);
        _chunkSamples = options.ChunkBytes / 2;
        _room = (int)(options.MaxBuffered.TotalSeconds * options.SampleRate);
    }

    /// <summary>How often an utterance ran dry at the carrier and then went on.</summary>
    public int Underruns => _prebuffer.Underruns;

    /// <summary>How much must have come at present before an utterance begins.</summary>
    public TimeSpan Prebuffer => _prebuffer.Length;

    /// <summary>Audio that waits here, in milliseconds.</summary>
    public double BufferedMilliseconds => Milliseconds(_ring.Count);

    /// <summary>Samples that <see cref="Write"/> did not take, for want of room or of an utterance.</summary>
    public long RefusedSamples { get; private set; }

    /// <summary>When the carrier will have played all that it was sent, by the account of <see cref="PlayoutChunk.PlaysAt"/>.</summary>
    public TimeSpan CarrierDryAt => _clock.DryAt;

    /// <summary>Begins an utterance behind those that are still waiting. One that is open is ended by it.</summary>
    /// <param name="id">The caller's name for it.</param>
    /// <exception cref="ArgumentException">The name is one of the last 64.</exception>
    public void BeginUtterance(long id)
    {
        var utterance = new Utterance(id);
        _ledger.Begin(utterance);
        EndUtterance();
        _open = utterance;
        _pending.Enqueue(utterance);
    }

    /// <summary>Adds audio to the open utterance: all of it, or none.</summary>
    /// <param name="samples">At the carrier's rate.</param>
    public PlayoutWrite Write(ReadOnlySpan<short> samples)
    {
        if (_open is null || _ring.Count + (long)samples.Length > _room)
        {
            RefusedSamples += samples.Length;
            return _open is null ? PlayoutWrite.NoUtterance : PlayoutWrite.NoRoom;
        }

        _ring.Write(samples);
        _open.Written += samples.Length;
        return PlayoutWrite.Accepted;
    }

    /// <summary>Nothing more comes for the open utterance: its ragged end may go out. Without an open one, nothing happens.</summary>
    public void EndUtterance()
    {
        if (_open is not null)
        {
            _open.Ended = true;
            _open = null;
        }
    }

    /// <summary>Gives the next chunk if one may be sent now.</summary>
    /// <param name="now">The time; an earlier one than before counts as the one before.</param>
    /// <param name="chunk">Room for <see cref="PlayoutOptions.ChunkBytes"/>: 16-bit little-endian samples.</param>
    /// <param name="info">What the chunk is.</param>
    /// <returns>Whether there is one. Ask again until there is none.</returns>
    /// <exception cref="ArgumentException">Too little room.</exception>
    public bool TryTake(TimeSpan now, Span<byte> chunk, out PlayoutChunk info)
    {
        if (chunk.Length < _options.ChunkBytes)
        {
            throw new ArgumentException($"A chunk may have {_options.ChunkBytes} bytes, and there is room for {chunk.Length}.", nameof(chunk));
        }

        info = default;
        now = Advance(now);
        if (Plan(now) is not var (utterance, samples, due) || due > now)
        {
            return false;
        }

        var padded = Padded(samples);
        _ring.Read(chunk[..(samples * 2)]);
        chunk[(samples * 2)..(padded * 2)].Clear();
        utterance.Sent += samples;
        var begins = _clock.Send(now, padded);
        _ledger.Sent(utterance, _sequence, begins, samples, padded);
        _prebuffer.OnSent(_clock.LengthOf(padded));
        var last = utterance is { Ended: true, Waiting: 0 };
        info = new PlayoutChunk(utterance.Id, _sequence++, padded * 2, samples, _clock.TimeOf(begins), last);
        return true;
    }

    /// <summary>When to call <see cref="TryTake"/> again if nothing is written or ended before.</summary>
    /// <param name="now">The time.</param>
    /// <returns>Now or later; null when nothing is waiting that could be sent.</returns>
    public TimeSpan? NextDue(TimeSpan now)
    {
        now = Advance(now);
        return Plan(now) is var (_, _, due) ? due > now ? due : now : null;
    }

    /// <summary>
    /// The person has interrupted and the carrier is told to drop what it holds: everything that was not played by now is gone. The open
    /// utterance is closed; what is written before the next <see cref="BeginUtterance"/> is refused.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <returns>The utterances that had not been played to their end, oldest first.</returns>
    public IReadOnlyList<UtteranceCut> Flush(TimeSpan now)
    {
        now = Advance(now);
        var cut = _ledger.Cut(now);
        _open = null;
        _pending.Clear();
        _ring.Clear();
        _clock.Clear(now);
        return cut.ConvertAll(u => new UtteranceCut(u.Id, Milliseconds(u.Played), Milliseconds(u.Written)));
    }

    /// <summary>
    /// The carrier reports that it has played everything up to a chunk. It moves the account forward, never the pace of sending: a carrier
    /// that acknowledges too early is not fed any faster. Marks of flushed or unknown chunks are ignored.
    /// </summary>
    /// <param name="sequence">The chunk's <see cref="PlayoutChunk.Sequence"/>.</param>
    /// <param name="now">The time.</param>
    public void OnMark(long sequence, TimeSpan now)
    {
        Advance(now);
        if (sequence < _sequence)
        {
            _ledger.SettleUpTo(sequence);
        }
    }

    /// <summary>How much of an utterance has been heard by now, in milliseconds; of a flushed one, by then.</summary>
    /// <param name="utterance">Its name.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null for one that was never begun or is older than the last 64.</returns>
    public double? PlayedMilliseconds(long utterance, TimeSpan now)
    {
        now = Advance(now);
        return _ledger.Find(utterance) is { } found ? Milliseconds(_ledger.Played(found, now)) : null;
    }

    /// <summary>Whether nothing waits here and the carrier has played all that it was sent.</summary>
    /// <param name="now">The time.</param>
    public bool Drained(TimeSpan now)
    {
        Advance(now);
        return _ring.Count == 0 && _ledger.IsEmpty;
    }

    /// <summary>Gives the memory back to the pool.</summary>
    public void Dispose() => _ring.Dispose();

    private static int Padded(int samples) => (samples + SampleGrain - 1) / SampleGrain * SampleGrain;

    private double Milliseconds(long samples) => samples * 1000.0 / _options.SampleRate;

    private TimeSpan Advance(TimeSpan now)
    {
        _now = now > _now ? now : _now;
        _ledger.Settle(_now);
        return _now;
    }

    // The next chunk and the earliest time for it, as far as can be told from what has been written.
    private (Utterance Utterance, int Samples, TimeSpan Due)? Plan(TimeSpan now)
    {
        while (_pending.TryPeek(out var done) && done is { Ended: true, Waiting: 0 })
        {
            _pending.Dequeue();
        }

        if (!_pending.TryPeek(out var utterance) || utterance.Waiting == 0)
        {
            return null;
        }

        NoticeUnderrun(utterance, now);
        var samples = (int)Math.Min(utterance.Waiting, _chunkSamples);
        var full = samples == _chunkSamples || utterance.Ended;
        samples = full ? samples : samples / SampleGrain * SampleGrain;
        if (samples == 0)
        {
            return null;
        }

        var due = _clock.DryAt + _clock.LengthOf(Padded(samples)) - _options.Lead;
        due = full ? due : Later(due, _clock.DryAt - ShortChunkBefore);
        return (utterance, samples, HeldBack(utterance, now) is { } until ? Later(due, until) : due);
    }

    private void NoticeUnderrun(Utterance utterance, TimeSpan now)
    {
        if (utterance is { Filling: false, Sent: > 0 } && now > _clock.DryAt)
        {
            _prebuffer.OnUnderrun();
            (utterance.Filling, utterance.FillingSince) = (true, null);
        }
    }

    // Until when the utterance waits for more audio; null when it has enough, and then it never waits again before it runs dry.
    private TimeSpan? HeldBack(Utterance utterance, TimeSpan now)
    {
        if (!utterance.Filling)
        {
            return null;
        }

        var since = utterance.FillingSince ??= now;
        var atCarrier = _clock.DryAt > now ? _clock.DryAt - now : TimeSpan.Zero;
        if (utterance.Ended
            || atCarrier + _clock.LengthOf(utterance.Waiting) >= _prebuffer.Length
            || now >= since + _options.PrebufferPatience)
        {
            utterance.Filling = false;
            return null;
        }

        return since + _options.PrebufferPatience;
    }

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
