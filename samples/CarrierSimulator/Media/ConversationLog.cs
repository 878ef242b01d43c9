namespace CarrierSimulator;

/// <summary>Gathers what a conversation's record shows. Guarded by its call's lock.</summary>
internal sealed class ConversationLog
{
    private const int MaxMarks = 500;
    private const int MaxErrors = 50;

    private readonly List<HeardLine> _heard = [];
    private readonly List<SaidLine> _said = [];
    private readonly List<DateTimeOffset> _soundsSent = [];
    private readonly List<DateTimeOffset> _soundsReceived = [];
    private readonly List<ClearRecord> _clears = [];
    private readonly List<MarkRecord> _marks = [];
    private readonly List<DtmfRecord> _dtmf = [];
    private readonly List<GapRecord> _gaps = [];
    private readonly List<ProtocolError> _errors = [];
    private readonly List<string> _voicemail = [];
    private Conversation _rest;
    private int _errorCount;

    public ConversationLog(Conversation begun) => _rest = begun;

    /// <summary>Something that should show soon has changed.</summary>
    public bool Changed { get; private set; } = true;

    /// <summary>Something has changed that may show with the next change.</summary>
    public bool Stale { get; private set; }

    /// <summary>True while what is heard is a message to a machine.</summary>
    public bool Recording { get; private set; }

    public void Record() => Recording = Changed = true;

    public void Set(Func<Conversation, Conversation> change)
    {
        _rest = change(_rest);
        Changed = true;
    }

    /// <summary>As <see cref="Set"/>, for what changes with every message.</summary>
    public void Count(Func<Conversation, Conversation> change)
    {
        _rest = change(_rest);
        Stale = true;
    }

    public void Add(HeardLine line)
    {
        _heard.Add(line);
        if (Recording && line.Text.Length > 0)
        {
            _voicemail.Add(line.Text);
        }

        Changed = true;
    }

    public void Add(SaidLine line) => Put(_said, line);

    public void SoundSent(DateTimeOffset at)
    {
        _soundsSent.Add(at);
        Stale = true;
    }

    public void SoundReceived(DateTimeOffset at)
    {
        _soundsReceived.Add(at);
        Stale = true;
    }

    public void Add(ClearRecord clear) => Put(_clears, clear);

    public void Add(DtmfRecord dtmf) => Put(_dtmf, dtmf);

    public void Add(GapRecord gap) => Put(_gaps, gap);

    public void Add(ProtocolError error)
    {
        Changed |= _errorCount++ < MaxErrors;
        Stale = true;
        if (_errorCount <= MaxErrors || error.Fatal)
        {
            _errors.Add(error);
        }
    }

    public void MarkReceived(string name, double atMs)
    {
        if (_marks.Count < MaxMarks)
        {
            _marks.Add(new MarkRecord(name, atMs, null));
        }

        Stale = true;
    }

    public void MarkReturned(string name, double atMs)
    {
        var index = _marks.FindIndex(m => m.ReturnedMs is null && m.Name == name);
        if (index >= 0)
        {
            _marks[index] = _marks[index] with { ReturnedMs = atMs };
        }

        Stale = true;
    }

    public Conversation Take()
    {
        Changed = Stale = false;
        return _rest with
        {
            Heard = [.. _heard],
            Said = [.. _said],
            SoundsSent = [.. _soundsSent],
            SoundsReceived = [.. _soundsReceived],
            Clears = [.. _clears],
            Marks = [.. _marks],
            Dtmf = [.. _dtmf],
            Gaps = [.. _gaps],
            ProtocolErrors = [.. _errors],
            ProtocolErrorCount = _errorCount,
            Voicemail = Recording ? string.Join(' ', _voicemail) : null,
        };
    }

    private void Put<T>(List<T> list, T item)
    {
        list.Add(item);
        Changed = true;
    }
}
