using Campaigns.Audio;

namespace Campaigns.Calls;

/// <summary>
/// What can be told of the person's sound without understanding it: speech, sound of any kind, and a machine's beep. Speech is what counts in a
/// conversation; sound of any kind is what counts with a machine, whose music and announcements a speech detector may not take for speech. Times
/// count from the beginning of the stream. Allocates nothing per frame.
/// </summary>
internal sealed class PersonEar(int rate)
{
    // A listener's pause: who answers the phone stops at least this long for an answer.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(700);


    private readonly SpeechDetector speech = new(rate);
    private readonly BeepDetector beeps = new(rate);
    private SpeechEdge[] edges = new SpeechEdge[16];
    private int count;
    private long position;
    private long beepPosition;

    /// <summary>What began or ended with the last samples.</summary>
    internal ReadOnlySpan<SpeechEdge> Edges => edges.AsSpan(0, count);

    internal bool IsSpeaking => speech.IsSpeaking;

    /// <summary>When the run of sound without a pause that is under way, or else the last one, began; null before any.</summary>
    internal TimeSpan? SoundBegan { get; private set; }

    /// <summary>When the last sound was.</summary>
    internal TimeSpan? SoundEnded { get; private set; }

    /// <summary>When the last beep ended; null before any.</summary>
    internal TimeSpan? BeepEnded { get; private set; }

    /// <summary>When a position of the stream was heard, if its last sample is heard now.</summary>
    internal TimeSpan TimeOf(long sample, TimeSpan now)
    {
        var at = now - TimeSpan.FromSeconds((double)(position - sample) / rate);
        return at > TimeSpan.Zero ? at : TimeSpan.Zero;
    }

    /// <summary>Whether a sound of at least this length has been followed by a pause.</summary>
    internal bool HasPaused(TimeSpan now, TimeSpan least)
        => SoundBegan is { } began && SoundEnded is { } ended && ended - began >= least && now - ended >= Pause;

    /// <summary>Takes what was heard up to now.</summary>
    /// <param name="samples">The newest samples.</param>
    /// <param name="now">When the last of them was heard.</param>
    /// <param name="listenForBeeps">Beeps are looked for, which costs more than all the rest.</param>
    internal void Hear(ReadOnlySpan<short> samples, TimeSpan now, bool listenForBeeps)
    {
        if (edges.Length < speech.MaxEdges(samples.Length))
        {
            edges = new SpeechEdge[speech.MaxEdges(samples.Length)];
        }

        count = speech.Process(samples, edges);
        position += samples.Length;
        if (listenForBeeps)
        {
            beepPosition += samples.Length;
            if (beeps.Process(samples, out var beep))
            {
                BeepEnded = TimeOf(position - (beepPosition - beep.End), now);
            }
        }

        var frame = rate / 50;
        for (var at = 0; at < samples.Length; at += frame)
        {
            var end = Math.Min(at + frame, samples.Length);
            if (IsLoud(samples[at..end]))
            {
                OnSound(TimeOf(position - samples.Length + at, now), TimeOf(position - samples.Length + end, now));
            }
        }
    }

    // What is quieter is a line's own noise; a noisier line is never silent, and the waits have limits.
    private static bool IsLoud(ReadOnlySpan<short> samples) => AudioLevel.Of(samples).RmsDbfs >= -40;

    private void OnSound(TimeSpan began, TimeSpan ended)
    {
        if (SoundEnded is not { } last || began - last >= Pause)
        {
            SoundBegan = began;
        }

        SoundEnded = ended;
    }
}
