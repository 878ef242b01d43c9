using System.Text.Json;

namespace LiveModelSimulator;

/// <summary>The client's messages after the setup.</summary>
internal sealed partial class LiveSession
{
    private static readonly string[] s_realtimeKinds = ["audio", "video", "text", "activityStart", "activityEnd", "audioStreamEnd"];

    private void TakeAudio(JsonElement data, JsonElement mimeType)
    {
        BeforeRealtimeInput();
        var pcm = _audio.Read(data, mimeType, out var rate);
        if (_onset.At(pcm) is { } at)
        {
            Record((e, _) => e with { SoundsReceived = [.. e.SoundsReceived, at] });
        }

        _listener!.Hear(pcm, rate);
    }

    private void TakeRealtime(JsonElement input)
    {
        var kinds = s_realtimeKinds.Where(k => input.Field(k) is not null).ToList();
        if (kinds is not [var kind])
        {
            throw ProtocolException.Invalid("realtime_input carries exactly one of audio, video, text and the activity marks.");
        }

        var manual = Setup.ManualActivity;
        if (kind is "activityStart" or "activityEnd" && !manual)
        {
            throw ProtocolException.Invalid("Explicit activity control is not supported when automatic activity detection is enabled.");
        }

        if (kind == "audioStreamEnd" && manual)
        {
            throw ProtocolException.Invalid("audio_stream_end is not supported when automatic activity detection is disabled.");
        }

        var value = input.Field(kind)!.Value;
        if (kind == "audio")
        {
            var data = value.Field("data");
            var mimeType = value.Field("mimeType");
            if (data is null || mimeType is null)
            {
                throw ProtocolException.Invalid("realtime_input.audio: data and mime_type must be given.");
            }

            TakeAudio(data.Value, mimeType.Value);
            return;
        }

        BeforeRealtimeInput();
        switch (kind)
        {
            case "text":
                Type(value.GetString()!);
                break;
            case "activityStart":
                _listener!.ActivityStarted();
                break;
            case "activityEnd":
                _listener!.ActivityEnded();
                break;
            case "audioStreamEnd":
                _listener!.StreamEnded();
                break;
            default:
                CheckVideo(value);
                break;
        }
    }

    private static void CheckVideo(JsonElement video)
    {
        if (video.Field("mimeType").Text()?.StartsWith("image/", StringComparison.Ordinal) != true || video.Field("data") is null)
        {
            throw ProtocolException.Invalid("realtime_input.video: must have data and a mime_type of an image.");
        }
    }

    private void BeforeRealtimeInput()
    {
        _hadRealtimeInput = true;
        if (_turn?.ToolsPendingFor > Options.ToolCallGrace && Setup.Model.Is25)
        {
            Record((e, _) => e with { InputDuringToolCall = e.InputDuringToolCall + 1 });
            if (Options.RefuseInputDuringToolCall)
            {
                throw new ProtocolException(1008, "Operation is not implemented, or supported, or enabled.");
            }
        }
    }

    private void TakeContent(JsonElement content)
    {
        var turns = content.Field("turns").Items().ToList();
        var roles = turns.Select(t => t.Field("role").Text() ?? "user").ToList();
        if (roles.Find(r => r is not ("user" or "model") && !(r == "system" && Setup.Model.Vertex)) is { } wrong)
        {
            throw ProtocolException.Invalid($"Please use a valid role: user, model. Got {wrong}.");
        }

        if (turns.Exists(t => !t.Field("parts").Items().Any()))
        {
            throw ProtocolException.Invalid("client_content.turns: a turn must have parts.");
        }

        var answer = content.Field("turnComplete").IsTrue();
        if (Setup.Model.Is31)
        {
            Seed31(turns.Count);
            return;
        }

        if (answer && roles is [.., not "user"])
        {
            throw ProtocolException.Invalid("client_content.turns: must end with a turn of the user.");
        }

        _turn = Stop(_turn);
        if (answer)
        {
            var text = turns.Count > 0 ? ((JsonElement?)turns[^1]).ContentText() ?? "" : "";
            Record((e, _) => e with { SeededTurns = e.SeededTurns + Math.Max(0, turns.Count - 1) });
            Type(text);
        }
        else
        {
            Record((e, _) => e with { SeededTurns = e.SeededTurns + turns.Count });
        }
    }

    /// <summary>3.1 takes a first history alone, and does not answer it.</summary>
    private void Seed31(int turns)
    {
        if (!Setup.InitialHistory || _hadRealtimeInput || _state.Turns > 0)
        {
            throw ProtocolException.Invalid(
                $"client_content is supported by {Setup.Model.Model} for the initial history only, with history_config set.");
        }

        Record((e, _) => e with { SeededTurns = e.SeededTurns + turns });
    }

    private void TakeToolResponse(JsonElement message)
    {
        var responses = message.Field("functionResponses").Items().ToList();
        if (responses.Count == 0)
        {
            throw ProtocolException.Invalid("tool_response.function_responses: must not be empty.");
        }

        foreach (var response in responses)
        {
            var id = response.Field("id").Text();
            if (id is null && !Setup.Model.Vertex)
            {
                throw ProtocolException.Invalid("tool_response.function_responses.id: must be given.");
            }

            if (response.Field("scheduling") is not null && Setup.Model.Is31)
            {
                throw ProtocolException.Invalid($"tool_response.function_responses.scheduling: is not supported by {Setup.Model.Model}.");
            }

            if (response.Field("name").Text() is not { } name || response.Field("response") is not { } body)
            {
                throw ProtocolException.Invalid("tool_response.function_responses: name and response must be given.");
            }

            TakeToolResponse(id, name, body);
        }
    }

    private void TakeToolResponse(string? id, string name, JsonElement body)
    {
        if (_turn?.Respond(id, name, body) == true)
        {
            return;
        }

        // A response may cross its cancellation on the way.
        var crossed = false;
        Record((e, _) =>
        {
            var index = e.ToolCalls.ToList().FindLastIndex(
                t => t.Cancelled && !t.AnsweredAfterCancel && (id is null ? t.Name == name : t.Id == id));
            if (index < 0)
            {
                return e;
            }

            crossed = true;
            var calls = e.ToolCalls.ToArray();
            calls[index] = calls[index] with { AnsweredAfterCancel = true, Response = body.GetRawText() };
            return e with { ToolCalls = calls };
        });
        if (!crossed)
        {
            throw new ProtocolException(1008, $"Requested entity was not found: function call {id ?? name}.");
        }
    }
}
