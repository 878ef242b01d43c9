namespace LiveModelSimulator;

/// <summary>Puts a turn's sentences into the ledger, with what of each was sent and played.</summary>
internal sealed class SaidLog(ITurnHost host, int turn, Playout playout)
{
    private readonly List<(int Index, double OffsetMs, SaidRecord Record)> _sentences = [];

    public void Begin(SpokenLine line) => host.Record((e, now) =>
    {
        var record = new SaidRecord { Turn = turn, Text = line.Text, At = now, LengthMs = line.LengthMs };
        _sentences.Add((e.Said.Count, playout.SentMs, record));
        return e with { Said = [.. e.Said, record] };
    });

    /// <summary>All of the latest sentence has been sent.</summary>
    public void Sent()
    {
        var (index, offset, record) = _sentences[^1];
        _sentences[^1] = (index, offset, record with { SentMs = playout.SentMs - offset });
        Write(_sentences[^1]);
    }

    /// <summary>The turn is over at this moment of its clock.</summary>
    public void End(TimeSpan now, bool interrupted)
    {
        var played = playout.PlayedMs(now);
        for (var i = 0; i < _sentences.Count; i++)
        {
            var (index, offset, record) = _sentences[i];
            var sent = Math.Min(record.LengthMs, playout.SentMs - offset);
            var heard = Math.Clamp(played - offset, 0, sent);
            _sentences[i] = (index, offset, record with
            {
                SentMs = sent,
                PlayedMs = heard,
                Over = true,
                Interrupted = interrupted && heard < record.LengthMs,
            });
            Write(_sentences[i]);
        }
    }

    private void Write((int Index, double OffsetMs, SaidRecord Record) sentence) => host.Record((e, _) =>
    {
        var said = e.Said.ToArray();
        said[sentence.Index] = sentence.Record;
        return e with { Said = said };
    });
}
