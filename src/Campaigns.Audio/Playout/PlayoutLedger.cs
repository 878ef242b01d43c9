namespace Campaigns.Audio;

/// <summary>What the carrier holds of which utterance, and how much of each it has played.</summary>
internal sealed class PlayoutLedger(CarrierClock clock)
{
    private const int Remembered = 64;

    private readonly Queue<Segment> _outstanding = new();
    private readonly Dictionary<long, Utterance> _known = [];
    private readonly Queue<Utterance> _order = new();

    /// <summary>Whether the carrier has played all that it was sent.</summary>
    public bool IsEmpty => _outstanding.Count == 0;

    public void Begin(Utterance utterance)
    {
        if (!_known.TryAdd(utterance.Id, utterance))
        {
            throw new ArgumentException($"Utterance {utterance.Id} has been begun before.", nameof(utterance));
        }

        _order.Enqueue(utterance);
        while (_order.Count > Remembered && _order.Peek().Settled)
        {
            _known.Remove(_order.Dequeue().Id);
        }
    }

    public Utterance? Find(long id) => _known.GetValueOrDefault(id);

    public void Sent(Utterance utterance, long sequence, long begins, int samples, int padded)
        => _outstanding.Enqueue(new Segment(utterance, sequence, begins, samples, padded));

    /// <summary>Settles what has been played to its end by now.</summary>
    public void Settle(TimeSpan now)
    {
        while (_outstanding.TryPeek(out var segment) && clock.TimeOf(segment.Begins + segment.Padded) <= now)
        {
            segment.Utterance.Played += segment.Samples;
            _outstanding.Dequeue();
        }
    }

    /// <summary>The carrier says that it has played everything up to and including this chunk.</summary>
    public void SettleUpTo(long sequence)
    {
        while (_outstanding.TryPeek(out var segment) && segment.Sequence <= sequence)
        {
            segment.Utterance.Played += segment.Samples;
            _outstanding.Dequeue();
        }
    }

    public long Played(Utterance utterance, TimeSpan now)
    {
        var played = utterance.Played;
        var position = clock.PositionAt(now);
        foreach (var segment in _outstanding)
        {
            played += segment.Utterance == utterance ? Math.Clamp(position - segment.Begins, 0, segment.Samples) : 0;
        }

        return played;
    }

    /// <summary>The carrier drops what it holds: what has been played by now is all that ever will be.</summary>
    /// <returns>The utterances that had not been played out, oldest first.</returns>
    public List<Utterance> Cut(TimeSpan now)
    {
        var cut = _order.Where(u => !u.Settled && !(u.Ended && Played(u, now) == u.Written)).ToList();
        var played = cut.ConvertAll(u => Played(u, now));
        foreach (var segment in _outstanding.Where(s => !cut.Contains(s.Utterance)))
        {
            // Only its padding was left to play.
            segment.Utterance.Played = segment.Utterance.Written;
        }

        _outstanding.Clear();
        for (var i = 0; i < cut.Count; i++)
        {
            (cut[i].Played, cut[i].Ended, cut[i].Cut) = (played[i], true, true);
        }

        return cut;
    }

    /// <param name="Utterance">Whose audio.</param>
    /// <param name="Sequence">Number of the chunk.</param>
    /// <param name="Begins">Position on the carrier's clock.</param>
    /// <param name="Samples">Audio.</param>
    /// <param name="Padded">Audio and padding.</param>
    private readonly record struct Segment(Utterance Utterance, long Sequence, long Begins, int Samples, int Padded);
}
