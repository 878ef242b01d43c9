using Campaigns.Conversations.Tests.Bed;

namespace Campaigns.Conversations.Tests.Matrix;

/// <summary>The recording is whole, as long as the call, and holds on either side what was said there.</summary>
internal static class RecordingJudge
{
    private const double LengthSlackMs = 500;

    internal static IEnumerable<string> Complaints(CallFacts facts)
    {
        if (facts.Session.RecordingFile is not { } file || !File.Exists(Path.Combine(facts.RecordingFolder, file)))
        {
            yield return "there is no recording";
            yield break;
        }

        var recording = HeardRecording.Read(Path.Combine(facts.RecordingFolder, file));
        var talk = facts.Talk;
        var length = talk.EndedMs!.Value - talk.StartedMs!.Value;
        if (recording.IsStale || recording.Rate != talk.SampleRate)
        {
            yield return $"the recording is unfinished ({recording.IsStale}) or of another rate ({recording.Rate})";
        }

        if (Math.Abs(recording.LengthMs - length) > LengthSlackMs)
        {
            yield return $"the recording is {recording.LengthMs:0} ms long, the call was {length:0} ms";
        }

        // What began to be said as the call ended is of either side of that end.
        string[] said = [.. talk.Said.Where(s => !s.Cut && !s.Text.StartsWith('(')).Select(s => s.Text)];
        if (!said.SequenceEqual(recording.Person.Where(u => u.Complete).Select(u => u.Text)))
        {
            yield return $"the person said '{string.Join("|", said)}' and on the recording '{Show(recording.Person)}'";
        }

        string[] heard = [.. talk.Heard.Where(h => h.Complete).Select(h => h.Text)];
        // An interruption that was none is taken for one: the last moment of what the carrier still plays is not recorded.
        if (!facts.Pair.Fault.Has("spurious-interrupted") && !heard.SequenceEqual(recording.Agent.Where(u => u.Complete).Select(u => u.Text)))
        {
            yield return $"the person heard '{string.Join("|", heard)}' and on the recording the agent said '{Show(recording.Agent)}'";
        }

        if (facts.Pair.Fault.Harm == Harm.NoModel && recording.AgentAudibleMs < 1000)
        {
            yield return $"no apology is on the recording: {recording.AgentAudibleMs:0} ms of sound";
        }
    }

    private static string Show(IReadOnlyList<SpokenTones.HeardUtterance> utterances)
        => string.Join("|", utterances.Select(u => u.Complete ? u.Text : $"{u.Text} (cut)"));
}
