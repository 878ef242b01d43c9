using System.Text.Json;

namespace LiveModelSimulator;

/// <summary>The setup, resumption, and the connection's lifetime.</summary>
internal sealed partial class LiveSession
{
    private void BeginSetup(JsonElement root)
    {
        var properties = root.EnumerateObject().ToList();
        if (properties is not [{ Name: "setup", Value: { ValueKind: JsonValueKind.Object } setup }])
        {
            throw ProtocolException.Invalid("setup must be the first message, and be alone in it.");
        }

        _phase = Phase.SettingUp;
        Record((e, _) => e with { Setup = setup.GetRawText() });
        if (setup.Field("model") is not { ValueKind: JsonValueKind.String } name)
        {
            throw ProtocolException.Invalid("setup.model: must be given.");
        }

        var model = ModelProfile.Find(Options.Models, _scope.Platform, _scope.ApiVersion, name.GetString()!);
        ClientMessageTypes.Message.Check(root, "", _scope with { Model = model });
        try
        {
            _setup = SessionSetup.Read(setup, model, Options, _faults);
        }
        catch (FormatException e)
        {
            throw new ProtocolException(1011, $"The simulator cannot read the prompt's fault marker: {e.Message}");
        }

        _outbox.Binary = _setup.Faults.Has(Faults.BinaryFrames);
        _listener = new Listener(_setup, Options.Cheap, this);
        Record((e, _) => e with
        {
            Model = model.Model,
            Prompt = _setup.Prompt,
            Tools = _setup.Tools,
            Faults = _setup.Faults.Names,
            Notes = _setup.Notes,
        });
        _ = CompleteSetupAsync(_setup, _ended.Token);
    }

    private async Task CompleteSetupAsync(SessionSetup setup, CancellationToken ended)
    {
        try
        {
            if (setup.Handle is { } handle)
            {
                await ResumeAsync(handle, setup, ended);
            }

            if (setup.Faults.Has(Faults.Quota) || !Enter())
            {
                throw new ProtocolException(1011, "You exceeded your current quota, please check your plan and billing details.");
            }

            await Task.Delay(Options.SetupDelay, Options.TimeProvider, ended);
            lock (Gate)
            {
                if (_phase == Phase.SettingUp && !setup.Faults.Has(Faults.NoSetupComplete))
                {
                    SetUp(setup);
                }
            }
        }
        catch (ProtocolException e)
        {
            Refuse(e);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The connection ended first.
        }
    }

    private bool Enter()
    {
        lock (Gate)
        {
            return _phase == Phase.Over || (_entered = _services.TryEnter());
        }
    }

    private void SetUp(SessionSetup setup)
    {
        _phase = Phase.Ready;
        Send(ServerMessages.SetupComplete($"session-{_connection.Sequence}"));
        if (setup.Faults.Has(Faults.UnknownFields))
        {
            foreach (var message in ServerMessages.Unknown())
            {
                Send(message);
            }
        }

        Record((e, now) => e with { SetupCompleteAt = now });
        if (Options.HandleAfterSetup)
        {
            SendHandle();
        }

        _lifetime = Options.TimeProvider.CreateTimer(
            _ => Locked(() => GoAway(Options.GoAwayTime)),
            null,
            Options.ConnectionLifetime - Options.GoAwayTime,
            Timeout.InfiniteTimeSpan);
    }

    private async Task ResumeAsync(string handle, SessionSetup setup, CancellationToken ended)
    {
        var point = _services.Handles.Find(handle);
        var open = point is { Connection.Open: true };
        if (open)
        {
            // An aborted connection takes a moment to be seen.
            await Task.WhenAny(point!.Connection.Closed, Task.Delay(Options.ResumeGrace, Options.TimeProvider, ended));
            ended.ThrowIfCancellationRequested();
        }

        ProtocolException? refusal = null;
        var faults = setup.Faults;
        if (point is null)
        {
            refusal = new ProtocolException(1008, "BidiGenerateContent session not found.");
        }
        else if (point.Model != setup.Model)
        {
            refusal = ProtocolException.Invalid("The model of a resumed session must not change.");
        }
        else if (faults.Value(Faults.RefuseResume1008) is { } times && point.Conversation.RefusesResumption(times))
        {
            refusal = new ProtocolException(1008, "BidiGenerateContent session not found.");
        }
        else if (point.Connection.Open
            || (faults.Value(Faults.RefuseResume1011) is { } refusals && point.Conversation.RefusesResumption(refusals)))
        {
            refusal = new ProtocolException(1011, "The session to be resumed is still connected.");
        }

        lock (Gate)
        {
            Record((e, _) => e with { Resumption = new ResumptionRecord(handle, point?.Connection.Sequence, open, refusal is null) });
            if (refusal is not null)
            {
                throw refusal;
            }

            (_conversation, _state) = (point!.Conversation, point.State);
        }
    }

    private void SendHandle()
    {
        if (Setup.Resumable)
        {
            var handle = _services.Handles.Issue(new ResumePoint(_conversation, _state, _connection, Setup.Model));
            Send(ServerMessages.Resumption(handle));
            Record((e, _) => e with { Handles = [.. e.Handles, handle] });
        }
    }

    private void GoAway(TimeSpan timeLeft)
    {
        Send(ServerMessages.GoAway(timeLeft));
        Record((e, _) => e with { GoAway = true });
        _lifetime?.Dispose();
        _lifetime = Options.TimeProvider.CreateTimer(
            _ => Locked(() =>
            {
                if (Setup.Faults.Has(Faults.GoAwayAbort))
                {
                    Abort();
                }
                else
                {
                    Close(1000, "The connection's time is over.");
                }
            }),
            null,
            timeLeft,
            Timeout.InfiniteTimeSpan);
    }

    private void Locked(Action action)
    {
        lock (Gate)
        {
            if (_phase == Phase.Ready)
            {
                action();
            }
        }
    }
}
