using System.Text;
using CarrierSimulator;
using LiveModelSimulator;

namespace Campaigns.Conversations.Tests.Bed;

/// <summary>What both simulators noted, for people: what a failure prints.</summary>
internal static class Ledgers
{
    internal static string Describe(IEnumerable<LedgerEntry> dials, IEnumerable<SessionEntry> model)
    {
        var text = new StringBuilder();
        foreach (var dial in dials)
        {
            Line($"carrier: {dial.FinalStatus}, placed {dial.Placed}, {dial.CustomField}");
            if (dial.Conversation is { } talk)
            {
                Line($"  first audio {talk.FirstAudioMs:0}, ended {talk.EndedMs:0} by {talk.ClosedBy} ({talk.CloseCode}) {talk.Note}, voicemail '{talk.Voicemail}'");
                var events = talk.Heard.Select(h => (At: h.StartMs, Text: $"hears {h.StartMs:0}–{h.EndMs:0} '{h.Text}'{(h.Complete ? "" : " (cut)")}"))
                    .Concat(talk.Said.Select(s => (At: s.StartMs, Text: $"says {s.StartMs:0}–{s.EndMs:0} '{s.Text}'{(s.Cut ? " (cut)" : "")}")))
                    .Concat(talk.Clears.Select(c => (At: c.AtMs, Text: $"clear at {c.AtMs:0}, {c.DroppedMs:0} ms dropped")))
                    .Concat(talk.Gaps.Select(g => (At: g.AtMs, Text: $"gap at {g.AtMs:0} of {g.Ms:0}")))
                    .Concat(talk.Dtmf.Select(d => (At: d.AtMs, Text: $"presses {d.Digit} at {d.AtMs:0}")))
                    .Concat(talk.ProtocolErrors.Select(e => (At: e.AtMs, Text: $"PROTOCOL {e.Text}")));
                foreach (var (_, line) in events.OrderBy(e => e.At))
                {
                    Line($"  {line}");
                }
            }
        }

        foreach (var session in model)
        {
            Line($"model {session.Sequence}: {session.OpenedAt:mm:ss.fff}–{session.ClosedAt:mm:ss.fff} by {session.ClosedBy} ({session.CloseCode}) {session.CloseReason}, "
                + $"resumption {session.Resumption}, faults {string.Join(',', session.Faults)}, notes {string.Join(';', session.Notes)}");
            var events = session.Heard.Select(h => (h.At, Text: $"hears {h.At:mm:ss.fff} '{h.Text}'{(h.Complete ? "" : " (cut)")}{(h.BargedIn ? " (barge-in)" : "")}"))
                .Concat(session.Said.Select(s => (s.At, Text: $"says {s.At:mm:ss.fff} [{s.Turn}] '{s.Text}' {s.PlayedMs:0} of {s.LengthMs:0}{(s.Interrupted ? " (interrupted)" : "")}")))
                .Concat(session.ToolCalls.Select(c => (c.At, Text: $"calls {c.At:mm:ss.fff} {c.Name} -> {c.Response}{(c.Cancelled ? " (cancelled)" : "")}")));
            foreach (var (_, line) in events.OrderBy(e => e.At))
            {
                Line($"  {line}");
            }

            foreach (var line in session.Typed.Select(t => $"typed '{t}'").Concat(session.ProtocolErrors.Select(e => $"PROTOCOL {e}")))
            {
                Line($"  {line}");
            }
        }

        return text.ToString();

        void Line(string line) => text.AppendLine(line);
    }
}
