using System.Globalization;
using Campaigns.Audio;

namespace Campaigns.Calls;

/// <summary>Opens the recordings of calls, each in the folder of its day.</summary>
/// <param name="folder">The recordings folder; null records nothing.</param>
/// <param name="failed">Told once per recording that fails.</param>
internal sealed class CallRecordings(string? folder, Action<Exception, Guid> failed)
{
    /// <summary>Begins a recording. Touches the disk.</summary>
    internal ICallRecording? Open(Guid sessionId, int rate, DateTimeOffset startedAt)
    {
        if (folder is null)
        {
            return null;
        }

        var day = startedAt.UtcDateTime.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture);
        var name = $"{day}/{sessionId}.wav";
        Directory.CreateDirectory(Path.Combine(folder, day));
        return new CallRecording(name, Path.Combine(folder, name), rate, error => failed(error, sessionId));
    }
}

/// <summary>A recording on disk. Chunks that follow each other are placed without a gap, whatever the clock's jitter says.</summary>
internal sealed class CallRecording : ICallRecording
{
    private readonly string name;
    private readonly int rate;
    private readonly WavRecorder recorder;
    private long personNext;
    private long agentNext;
    private volatile bool hasFailed;

    internal CallRecording(string name, string path, int rate, Action<Exception> failed)
    {
        (this.name, this.rate) = (name, rate);
        recorder = WavRecorder.Create(path, new RecordingOptions { SampleRate = rate }, error =>
        {
            hasFailed = true;
            failed(error);
        });
    }

    public string? File => hasFailed && recorder.WrittenFrames == 0 ? null : name;

    public void WritePerson(TimeSpan at, ReadOnlySpan<short> samples)
    {
        // A quarter of a second more than was heard is a gap of the carrier's, less is jitter. Nothing is placed before what was heard.
        var position = Position(at);
        personNext = position - personNext > rate / 4 ? position : personNext;
        recorder.WritePerson(personNext, samples);
        personNext += samples.Length;
    }

    public void WriteAgent(TimeSpan at, ReadOnlySpan<short> samples)
    {
        var position = Position(at);
        agentNext = Math.Abs(position - agentNext) <= 1 ? agentNext : position;
        recorder.WriteAgent(agentNext, samples);
        agentNext += samples.Length;
    }

    public void CutAgent(TimeSpan at)
    {
        var position = Position(at);
        agentNext = Math.Min(agentNext, position);
        recorder.TruncateAgent(position);
    }

    public Task CompleteAsync(TimeSpan end)
    {
        recorder.Advance(Math.Max(Position(end), agentNext));
        return recorder.CompleteAsync();
    }

    private long Position(TimeSpan at) => (long)Math.Round(at.TotalSeconds * rate);
}
