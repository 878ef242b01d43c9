using Campaigns.LiveModel;

namespace Campaigns.Calls;

// What the call does next: after tools, with machines, at its end.
internal sealed partial class CallBridge
{
    private static readonly TimeSpan LeastHello = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestHello = TimeSpan.FromSeconds(3);

    private Closing? closing;
    private Reopening? reopening;
    private Message? message;
    private MachineKind? machine;
    private bool isJudged;
    private bool isScreened;
    private int turnsBeforeScreening;
    private TimeSpan talkingSince;

    // What falls due in a stage by time alone.
    private void Step(TimeSpan now)
    {
        switch (stage)
        {
            case CallStage.Waiting when now >= options.BeginPatience:
                End(CallEndKind.Refused, "Nobody took the call over.");
                break;
            case CallStage.Hello:
                StepHello(now);
                break;
            case CallStage.Talking:
                StepTalking(now);
                break;
            case CallStage.Closing:
                StepClosing(now);
                break;
            case CallStage.AwaitBeep:
                StepBeep(now);
                break;
            case CallStage.Message:
                StepMessage(now);
                break;
            case CallStage.Apologising when voice.Drained(now) || now >= apologyUntil:
                End(apologyKind, apologyDetail);
                break;
            default:
                break;
        }
    }

    // The hello itself is not given to the model, which would answer it beside being prompted.
    private void StepHello(TimeSpan now)
    {
        var patience = plan!.Brief.Voice.HelloPatience;
        var hasPaused = ear.HasPaused(stream.Listened(now), LeastHello);
        var isTalking = !hasPaused && ear is { SoundBegan: { } began, SoundEnded: { } ended } && ended - began >= LeastHello;
        if (hasPaused || now >= patience + LongestHello || (now >= patience && !isTalking))
        {
            Talk(now);
            Prompt(plan.Greeting, now);
        }
    }

    private void StepTalking(TimeSpan now)
    {
        TellKeys(now);
        if (reopening is not { IsAnswered: true } || conversation.IsAgentActive || conversation.PersonSpeaking || !IsQuiet(now))
        {
            return;
        }

        if (now - LastSound >= options.ReopenedQuiet)
        {
            End(reopening.Closing.Kind, reopening.Closing.Detail);
        }
    }

    private void StepClosing(TimeSpan now)
    {
        var isOver = IsQuiet(now)
            && (closing!.IsSaid || now - Later(Later(closing.Since, lastModelSign), voice.PlaysUntil) >= options.ClosingQuiet);
        if (isOver || now - closing!.Since >= options.ClosingLimit)
        {
            End(closing!.Kind, closing.Detail);
        }
    }

    private void StepBeep(TimeSpan now)
    {
        // A beep that came just before the verdict counts, unless the machine went on after it.
        var beeped = ear.BeepEnded is { } beep && !(ear.SoundEnded > beep + LeastHello && beep < message!.Since);
        var fellSilent = stream.Listened(now) - (ear.SoundEnded ?? TimeSpan.Zero) >= options.MachineSilence;
        if (beeped || fellSilent || now - message!.Since >= options.BeepPatience)
        {
            StartMessage(now);
            Schedule(now);
        }
    }

    private void StepMessage(TimeSpan now)
    {
        var turn = message!.Turn;
        var isSaid = turn is { Over: true } or { Generated: true } && IsQuiet(now);
        if (isSaid)
        {
            message.IsLeft = !turn!.Cut && turn.Spoken > 0;
        }

        if (isSaid || now - message.Begun >= options.MessageLimit)
        {
            End(CallEndKind.MachineDone, message.IsLeft ? "A message was left." : "The message was not said to its end.");
        }
    }

    private void Talk(TimeSpan now) => (stage, isGated, talkingSince) = (CallStage.Talking, false, now);

    private void AgentTurnOver(TimeSpan now)
    {
        if (reopening is not null && conversation.Current is not null)
        {
            reopening.IsAnswered = true;
        }

        conversation.OnAgentTurnOver(now);
    }

    private void OnToolDone(ToolCall call, ToolResult result)
    {
        lock (gate)
        {
            var reported = result.Then == LineAction.Continue ? null : MachineReport.Read(call);
            if (!IsJoined)
            {
                return;
            }

            var now = Now;
            if (result.Then == LineAction.LeaveMessage)
            {
                Hold(call, result, reported, now);
            }
            else
            {
                var fate = desk!.Settle(call);
                Answer(fate, call, result.ResponseJson, now);
                if (fate != ToolFate.TakenBack)
                {
                    Follow(result, reported, call.Name, now);
                }
            }

            Advance(now);
        }
    }

    private void Answer(ToolFate fate, ToolCall call, string responseJson, TimeSpan now)
    {
        if (fate == ToolFate.Wanted)
        {
            session?.Answer([new ToolAnswer(call.Id, call.Name, responseJson)]);
            owedSince = now;
        }
    }

    // A message waits for the beep, and the tool's answer with it; a model that no longer waits for the answer is prompted then.
    private void Hold(ToolCall call, ToolResult result, MachineKind? reported, TimeSpan now)
    {
        if (stage == CallStage.Message && message is { IsPrompted: true, Turn: null })
        {
            // Prompted while it was making this call: it goes by the answer, not by the prompt.
            Answer(desk!.Settle(call), call, result.ResponseJson, now);
            return;
        }

        if (stage == CallStage.Message || (message is { Held: { } held } && desk!.IsOpen(held)))
        {
            Answer(desk!.Settle(call), call, """{"output":{"status":"ok","action":"continue"}}""", now);
            return;
        }

        AwaitBeep(result.Message, reported ?? MachineKind.Voicemail, now);
        (message!.Held, message.HeldResponse) = (call, result.ResponseJson);
    }

    private void Follow(ToolResult result, MachineKind? reported, string tool, TimeSpan now)
    {
        machine = reported ?? machine;
        var kind = machine is not null && !isScreened ? CallEndKind.MachineDone
            : tool == MachineReport.TransferTool ? CallEndKind.Transferred
            : CallEndKind.AgentEnded;
        switch (result.Then)
        {
            case LineAction.HangUpNow when stage != CallStage.Message:
                End(kind, $"{tool}: hang up.");
                break;
            case LineAction.HangUpAfterSpeech when stage is CallStage.Talking or CallStage.Hello:
                (stage, reopening) = (CallStage.Closing, null);
                closing = new Closing(kind, $"{tool}: the agent has said goodbye.", now);
                break;
            case LineAction.Explain:
                (isScreened, turnsBeforeScreening) = (true, conversation.AgentTurnsHeard);
                break;
            default:
                break;
        }
    }

    private void OnVerdict(MachineFinding? verdict)
    {
        if (verdict is null || machine is not null || message is not null || isJudged)
        {
            return;
        }

        isJudged = true;
        LogMachine(SessionId, verdict.Kind);
        TellMachine(verdict);
    }

    // By itself, for what it captures is allocated on entry, and nearly every frame has no verdict.
    private void TellMachine(MachineFinding verdict)
        => _ = lane.Tell(nameof(ICallEvents.OnMachineAsync), async () =>
        {
            var result = await events!.OnMachineAsync(verdict.Kind, verdict.Evidence);
            OnMachineDecided(verdict.Kind, result);
        });

    private void OnMachineDecided(MachineKind kind, ToolResult result)
    {
        lock (gate)
        {
            // The model's own report may have been faster.
            if (result.Then == LineAction.Continue || !IsJoined || machine is not null || message is not null)
            {
                return;
            }

            var now = Now;
            machine = kind;
            switch (result.Then)
            {
                case LineAction.LeaveMessage:
                    AwaitBeep(result.Message, kind, now);
                    break;
                case LineAction.Explain:
                    (isScreened, turnsBeforeScreening) = (true, conversation.AgentTurnsHeard);
                    Talk(now);
                    Prompt(LinePrompts.Explain(result.Message), now);
                    break;
                default:
                    // What the agent says to a machine is not worth its end.
                    End(CallEndKind.MachineDone, $"{kind}: hang up.");
                    break;
            }

            Advance(now);
        }
    }

    // From here on the machine is kept from the model: its noises would cut the message off, or take the tool call back.
    private void AwaitBeep(string? text, MachineKind kind, TimeSpan now)
    {
        machine = kind;
        message ??= new Message(text, now);
        (stage, isGated, owedSince, closing, reopening) = (CallStage.AwaitBeep, true, null, null, null);
        if (conversation.IsAgentActive || !voice.Drained(now))
        {
            _ = voice.Interrupt(now);
            conversation.OnCut(now);
        }
    }

    private void StartMessage(TimeSpan now)
    {
        (stage, isGated, dropUntil) = (CallStage.Message, true, null);
        message!.Begun ??= now;
        message.Turn = null;
        if (message.Held is { } call)
        {
            message.Held = null;
            if (desk!.Settle(call) == ToolFate.Wanted)
            {
                Answer(ToolFate.Wanted, call, message.HeldResponse, now);
                return;
            }
        }

        message.IsPrompted = true;
        Prompt(LinePrompts.Message(message.Text), now);
    }

    private void NoteMessage()
    {
        if (stage == CallStage.Message)
        {
            message!.Turn ??= conversation.Current;
        }
    }

    private void Reopen(TimeSpan now)
    {
        reopening = new Reopening(closing!);
        closing = null;
        Talk(now);
    }

    private void OnPersonActive(TimeSpan at)
    {
        if (reopening is { IsAnswered: true })
        {
            // A question was asked and is being answered: the goodbye is off.
            reopening = null;
        }

        // After a screener was told who calls, two turns of the agent that were listened to make the other end a person.
        if (isScreened && conversation.AgentTurnsPlayed >= turnsBeforeScreening + 2)
        {
            (machine, isScreened) = (null, false);
        }
    }

    private void OnPersonDone(TimeSpan at)
    {
        // What is said into the agent's words without cutting them off asks for nothing.
        if (stage == CallStage.Talking && !desk!.IsBusy && !conversation.IsAgentActive)
        {
            owedSince = at;
        }
    }

    private bool IsQuiet(TimeSpan now) => voice.IsQuiet(now);

    private TimeSpan LastSound => Later(Later(conversation.LastPersonSound ?? TimeSpan.Zero, voice.PlaysUntil), talkingSince);

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
