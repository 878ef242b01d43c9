using System.Text.Json;

namespace LiveModelSimulator;

/// <summary>The tool calls a turn waits for.</summary>
internal sealed class TurnCalls(ITurnHost host, TurnTimer timer)
{
    private readonly List<(int Index, string? Id, string Name, TimeSpan At)> _pending = [];

    public bool Any => _pending.Count > 0;

    /// <summary>How long the oldest call has been pending.</summary>
    public TimeSpan? PendingFor => _pending.Count > 0 ? timer.Now - _pending[0].At : null;

    /// <summary>Makes the calls in one message; false if the setup declares none of them.</summary>
    public bool Make(IReadOnlyList<Call> calls)
    {
        foreach (var missing in calls.Where(c => !host.Setup.Tools.Contains(c.Tool, StringComparer.Ordinal)))
        {
            host.Record((e, _) => e with { Notes = [.. e.Notes, $"{missing.Tool} would be called and is not declared"] });
        }

        var withoutIds = host.Setup.Model.Vertex && host.Setup.Faults.Has(Faults.ToolsWithoutIds);
        var records = calls.Where(c => host.Setup.Tools.Contains(c.Tool, StringComparer.Ordinal)).Select(c => new ToolRecord
        {
            Id = withoutIds ? null : host.NextCallId(),
            Name = c.Tool,
            Args = c.Args.Where(a => a.Value.Length > 0).ToDictionary(StringComparer.Ordinal),
            At = default,
        }).ToList();
        if (records.Count == 0)
        {
            return false;
        }

        host.Record((e, now) =>
        {
            for (var i = 0; i < records.Count; i++)
            {
                records[i] = records[i] with { At = now };
                _pending.Add((e.ToolCalls.Count + i, records[i].Id, records[i].Name, timer.Now));
            }

            return e with { ToolCalls = [.. e.ToolCalls, .. records] };
        });
        host.Send(ServerMessages.ToolCall(records));
        return true;
    }

    public bool Answer(string? id, string name, JsonElement response)
    {
        var found = _pending.FindIndex(p => id is not null ? p.Id == id : p.Name == name);
        if (found < 0)
        {
            return false;
        }

        var (index, _, expected, at) = _pending[found];
        if (name != expected)
        {
            throw ProtocolException.Invalid($"The function response for {id} names {name} instead of {expected}.");
        }

        _pending.RemoveAt(found);
        var text = response.GetRawText();
        Change(index, t => t with { Response = text, LatencyMs = (timer.Now - at).TotalMilliseconds });
        return true;
    }

    /// <summary>Cancels what is pending, if anything is.</summary>
    public void Cancel()
    {
        if (_pending.Count == 0)
        {
            return;
        }

        host.Send(ServerMessages.ToolCallCancellation(_pending.Select(p => p.Id).OfType<string>()));
        foreach (var call in _pending)
        {
            Change(call.Index, t => t with { Cancelled = true });
        }

        _pending.Clear();
    }

    private void Change(int index, Func<ToolRecord, ToolRecord> change) => host.Record((e, _) =>
    {
        var calls = e.ToolCalls.ToArray();
        calls[index] = change(calls[index]);
        return e with { ToolCalls = calls };
    });
}
