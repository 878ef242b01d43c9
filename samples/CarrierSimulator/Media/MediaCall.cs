using System.Net.WebSockets;

namespace CarrierSimulator;

/// <summary>What every conversation of a simulator shares.</summary>
internal sealed record MediaHouse(CarrierSimulatorOptions Options, Ledger Ledger, People People, MediaLoop Loop, CancellationToken Stopping)
{
    public TimeProvider Time => Options.TimeProvider;
}

/// <summary>
/// One answered call: opens its stream as the carrier does, carries audio both ways at real time between the socket and the person,
/// and keeps the record. The line moves on by <see cref="Tick"/>; messages come in between on other threads; one lock guards both.
/// </summary>
internal sealed class MediaCall
{
    private readonly Lock _lock = new();
    private readonly MediaHouse _house;
    private readonly LedgerEntry _call;
    private readonly MediaAddress _address;
    private readonly MediaStyle _style;
    private readonly MediaWire _wire;
    private readonly ConversationLog _log;
    private readonly string _streamSid = Guid.NewGuid().ToString("N");
    private readonly long _answered;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Person _person;
    private readonly long _commitEvery;
    private MediaSocket? _socket;
    private ITimer? _limit;
    private PhoneLine? _line;
    private long _started;
    private long _committed;
    private bool _misaligned;
    private bool _overLead;
    private bool _ended;

    private MediaCall(MediaHouse house, LedgerEntry call)
    {
        _house = house;
        _call = call;
        _address = MediaAddress.Of(call.StreamUrl!);
        _style = MediaStyle.Of(house.Options.MediaStream, call.Sequence);
        _wire = new MediaWire(_style, _streamSid);
        _person = house.People.At(call.Number);
        _answered = house.Time.GetTimestamp();
        _commitEvery = house.Time.TimestampFrequency;
        _log = new ConversationLog(new Conversation
        {
            CallSid = call.CallSid!,
            Number = call.Number,
            Person = _person.Name,
            StreamSid = _streamSid,
            SampleRate = _address.SampleRate,
        });
    }

    /// <summary>Ends when the call has; never if the simulator is stopped before.</summary>
    public Task Over => _over.Task;

    public static MediaCall Begin(MediaHouse house, LedgerEntry call)
    {
        var media = new MediaCall(house, call);
        _ = Task.Run(media.RunAsync, CancellationToken.None);
        return media;
    }

    /// <summary>Ends without a trace, as a kill of the carrier would.</summary>
    public void Abort()
    {
        lock (_lock)
        {
            _ended = true;
            LetGo();
            _socket?.Abort();
        }
    }

    /// <summary>Moves the line on to the present.</summary>
    public void Tick()
    {
        lock (_lock)
        {
            if (_ended || _line is not { } line)
            {
                return;
            }

            var due = (long)(_house.Time.GetElapsedTime(_started).TotalSeconds * line.Rate);
            try
            {
                while (!_ended && line.Position < due)
                {
                    line.Step((int)Math.Min(line.Rate / 50, due - line.Position));
                }
            }
            catch (Exception e)
            {
                Failed(e);
            }

            if (!_ended)
            {
                Commit(now: false);
            }
        }
    }

    private double SinceAnswerMs => _house.Time.GetElapsedTime(_answered).TotalMilliseconds;

    private double NowMs => _line?.NowMs ?? SinceAnswerMs;

    private async Task RunAsync()
    {
        try
        {
            var limit = _call.TimeLimit is { } seconds ? TimeSpan.FromSeconds(seconds) : _house.Options.MediaStream.MaxStream;
            limit = limit < _house.Options.MediaStream.MaxStream ? limit : _house.Options.MediaStream.MaxStream;
            lock (_lock)
            {
                if (_ended)
                {
                    return;
                }

                _limit = _house.Time.CreateTimer(
                    _ => End("carrier", 1000, "the call reached its time limit", "stopped"), null, limit, Timeout.InfiniteTimeSpan);
                _address.Errors.ToList().ForEach(e => Error(e, fatal: false));
                Commit(now: true);
            }

            if (await ConnectAsync() is not { } socket)
            {
                return;
            }

            var receiving = socket.ReceiveAsync(Receive);
            socket.Send(MediaWire.Connected());
            _ = StartAsync(socket);
            End("bot", await receiving, null, null);
        }
        catch (MediaProtocolException e)
        {
            lock (_lock)
            {
                Error(e.Message, fatal: true);
            }

            End("carrier", e.CloseCode, $"closed for a protocol error: {e.Message}", null);
        }
        catch (OperationCanceledException) when (_house.Stopping.IsCancellationRequested)
        {
            // The simulator stops, which is to look like a kill.
        }
        catch (Exception e)
        {
            End("carrier", 1011, $"the carrier failed: {e}", "stopped");
        }
    }

    private async Task<MediaSocket?> ConnectAsync()
    {
        var failure = "";
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            try
            {
                var tried = attempt;
                lock (_lock)
                {
                    _log.Set(c => c with { Handshakes = tried });
                }

                var timeout = _house.Options.MediaStream.HandshakeTimeout;
                var socket = await MediaSocket.ConnectAsync(_call.StreamUrl!, timeout, _house.Time, _house.Stopping);
                lock (_lock)
                {
                    if (!_ended)
                    {
                        return _socket = socket;
                    }
                }

                socket.Abort();
                return null;
            }
            catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException)
            {
                failure = e.Message;
            }
        }

        End("carrier", null, $"the handshake failed twice: {failure}", null);
        return null;
    }

    private async Task StartAsync(MediaSocket socket)
    {
        try
        {
            if (_house.Options.MediaStream.StartDelay is var delay && delay != TimeSpan.Zero)
            {
                await Task.Delay(delay, _house.Time, _house.Stopping);
            }

            lock (_lock)
            {
                if (!_ended)
                {
                    Start(socket);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The simulator stops.
        }
        catch (Exception e)
        {
            Failed(e);
        }
    }

    private void Start(MediaSocket socket)
    {
        socket.Send(_wire.Start(_call, _house.Options.AccountSid, _address.SampleRate, _address.Parameters));
        _started = _house.Time.GetTimestamp();
        var startMs = SinceAnswerMs;
        _log.Set(c => c with { StartedMs = startMs });
        _line = new PhoneLine(_person, _log, _wire, _house.Options.MediaStream, _address.SampleRate, startMs, _house.Time)
        {
            Send = message => Send(socket, message),
            Stop = () => End("person", 1000, null, "callended"),
        };
        _line.Open();
        if (!_ended)
        {
            Commit(now: true);
            _house.Loop.Add(this);
        }
    }

    private void Send(MediaSocket socket, OutgoingMessage message)
    {
        if (!socket.Send(message))
        {
            End("carrier", 1001, "the agent's side did not read", null);
        }
    }

    private void Receive(ReadOnlySpan<byte> utf8)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            if (_line is not { } line)
            {
                Error("a message came before start", fatal: false);
                return;
            }

            var message = MediaReader.Read(utf8, _style, _streamSid);
            try
            {
                message.Errors.ForEach(e => Error(e, fatal: false));
                switch (message.Kind)
                {
                    case MediaKind.Media:
                        TakeAudio(line, message.Payload.AsSpan(0, message.PayloadLength));
                        break;
                    case MediaKind.Mark:
                        EndUtterance();
                        line.Mark(message.MarkName);
                        break;
                    case MediaKind.Clear:
                        EndUtterance();
                        line.Clear();
                        Commit(now: true);
                        break;
                }

                if (_log.Changed)
                {
                    Commit(now: true);
                }
            }
            finally
            {
                MediaReader.Return(message);
            }
        }
    }

    private void TakeAudio(PhoneLine line, ReadOnlySpan<byte> pcm)
    {
        if (_misaligned && line.Waiting > 0)
        {
            Error("a chunk in mid-utterance was no multiple of 320 bytes", fatal: false);
            _misaligned = false;
        }

        EndUtterance();
        _misaligned = pcm.Length % 320 != 0;
        if (pcm.Length < 320)
        {
            Error($"a chunk has {pcm.Length} bytes; the least is 320", fatal: false);
            _misaligned = false;
        }

        if (pcm.Length % 2 != 0)
        {
            Error("a chunk has half a sample", fatal: false);
            pcm = pcm[..^1];
        }

        var ms = pcm.Length / 2 * 1000.0 / line.Rate;
        _log.Count(c => c with { MediaReceived = c.MediaReceived + 1, ReceivedMs = c.ReceivedMs + ms });
        if ((line.Waiting * 1000.0 / line.Rate) + ms > _house.Options.MediaStream.MaxLead.TotalMilliseconds)
        {
            // Told once a burst, counted in full.
            if (!_overLead)
            {
                Error($"audio came more than {_house.Options.MediaStream.MaxLead.TotalSeconds:0.###} s ahead and is dropped", fatal: false);
            }

            _overLead = true;
            _log.Count(c => c with { OverLeadMs = c.OverLeadMs + ms });
            return;
        }

        _overLead = false;
        line.Take(pcm);
    }

    /// <summary>A misaligned chunk was the last of its utterance: tolerated.</summary>
    private void EndUtterance()
    {
        if (_misaligned)
        {
            _log.Count(c => c with { MisalignedEnds = c.MisalignedEnds + 1 });
            _misaligned = false;
        }
    }

    private void Error(string text, bool fatal) => _log.Add(new ProtocolError(text, NowMs, fatal));

    /// <summary>A mistake in somebody's script ends the call and shows in the ledger.</summary>
    private void Failed(Exception e) => End("carrier", 1011, $"the person failed: {e}", "stopped");

    private void Commit(bool now)
    {
        var time = _house.Time.GetTimestamp();
        if (now || _log.Changed || (_log.Stale && time - _committed >= _commitEvery))
        {
            _committed = time;
            _house.Ledger.Update(_call.Sequence, (e, _) => e with { Conversation = _log.Take() });
        }
    }

    private void End(string by, int? code, string? note, string? stopReason)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            LetGo();
            EndUtterance();
            _line?.HangUp();
            var at = NowMs;
            _log.Set(c => c with { ClosedBy = by, CloseCode = code, Note = note, EndedMs = at });
            Commit(now: true);
            if (_socket is { } socket)
            {
                if (stopReason is not null && _line is not null)
                {
                    socket.Send(_wire.Stop(_call.CallSid!, _house.Options.AccountSid, stopReason));
                }

                _ = socket.CloseAsync(by == "bot" || code is null ? 1000 : code.Value);
            }
        }

        _over.TrySetResult();
    }

    private void LetGo()
    {
        _limit?.Dispose();
        _house.Loop.Remove(this);
    }
}
