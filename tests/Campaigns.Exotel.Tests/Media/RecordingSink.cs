using Campaigns.Carrier;

namespace Campaigns.Exotel.Tests.Media;

/// <summary>Keeps what a leg hands on, and lets a test wait for it.</summary>
internal sealed class RecordingSink : IMediaSink
{
    private readonly Lock sync = new();
    private readonly List<byte> audio = [];
    private readonly List<string> events = [];
    private readonly List<(Func<bool> Met, TaskCompletionSource Reached)> waits = [];

    /// <summary>Spans that were no whole samples.</summary>
    public int Odd { get; private set; }

    public byte[] Audio
    {
        get
        {
            lock (sync)
            {
                return [.. audio];
            }
        }
    }

    public string[] Events
    {
        get
        {
            lock (sync)
            {
                return [.. events];
            }
        }
    }

    public void OnAudio(ReadOnlySpan<byte> pcm)
    {
        lock (sync)
        {
            Odd += pcm.Length % 2;
            audio.AddRange(pcm);
            Look();
        }
    }

    public void OnMark(string name) => Keep($"mark {name}");

    public void OnDtmf(char digit) => Keep($"dtmf {digit}");

    public Task WhenEventAsync(string expected) => WhenAsync(() => events.Contains(expected), $"'{expected}'");

    public Task WhenAudioAsync(int bytes) => WhenAsync(() => audio.Count >= bytes, $"{bytes} bytes of audio");

    private async Task WhenAsync(Func<bool> met, string expected)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (sync)
        {
            waits.Add((met, reached));
            Look();
        }

        try
        {
            await reached.Task.WaitAsync(MediaRig.Patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Waited for {expected}; came {Audio.Length} bytes of audio and: {string.Join(", ", Events)}.", e);
        }
    }

    private void Keep(string what)
    {
        lock (sync)
        {
            events.Add(what);
            Look();
        }
    }

    private void Look()
    {
        foreach (var (met, reached) in waits)
        {
            if (met())
            {
                reached.TrySetResult();
            }
        }
    }
}
