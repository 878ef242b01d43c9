using Campaigns.Audio;
using Campaigns.Calls.Tests.Bed;

namespace Campaigns.Calls.Tests;

/// <summary>A recording holds what was heard, when it was heard.</summary>
public sealed class RecordingTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"calls-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Call_WhenRecorded_HasThePersonLeftAndTheAgentRightAsPlayed()
    {
        await using var bed = new CallBed(options => options.RecordingFolder = folder);
        await bed.JoinAsync();
        await bed.Journal.WhenAsync("prompt");
        await WhenFileExistsAsync(bed);
        bed.Pass(500);
        bed.Session.Say(2000, "Hello");
        bed.Pass(1000);
        bed.Live.OnInterrupted();
        bed.Live.OnTurnComplete(null);
        bed.Hear(Voices.Tone(500, 700));
        bed.Pass(500);
        bed.Leg.End();
        var end = await bed.EndAsync();

        Assert.Equal($"2026/01/05/{bed.SessionId}.wav", end.RecordingFile);
        var file = await File.ReadAllBytesAsync(Path.Combine(folder, end.RecordingFile!));
        var header = WavFile.ReadHeader(new MemoryStream(file));
        Assert.Equal((2, 8000), (header.Channels, header.SampleRate));
        var frames = Frames(file);
        Assert.Equal(2.5, frames.Length / 8000.0, 0.03);
        Assert.True(Rms(frames, 0, 0.0, 1.48) < 1, "the person was silent at first");
        Assert.InRange(Rms(frames, 0, 1.52, 1.98), 5000, 6000);
        Assert.True(Rms(frames, 1, 0.0, 0.48) < 1, "the agent was silent at first");
        Assert.InRange(Rms(frames, 1, 0.52, 1.48), 5000, 6000);
        Assert.True(Rms(frames, 1, 1.52, 2.4) < 1, "what was cut off is not in it");
    }

    [Fact]
    public async Task Call_WhoseSoundIsHeldBack_HasNoHoleInItsRecording()
    {
        await using var bed = new CallBed(options => options.RecordingFolder = folder);
        await bed.JoinAsync();
        await bed.Journal.WhenAsync("prompt");
        await WhenFileExistsAsync(bed);
        bed.Pass(500);

        // Nothing for a second, and then everything at once.
        bed.Stall(TimeSpan.FromSeconds(1));
        bed.HearAtOnce(Voices.Tone(1000, 700));
        bed.Pass(500);
        bed.Leg.End();
        var end = await bed.EndAsync();

        var frames = Frames(await File.ReadAllBytesAsync(Path.Combine(folder, end.RecordingFile!)));
        Assert.Equal(2.0, frames.Length / 8000.0, 0.03);
        Assert.InRange(Rms(frames, 0, 0.52, 1.48), 5000, 6000);
        Assert.True(Rms(frames, 0, 1.52, 1.98) < 1, "the silence after it is where it was");
    }

    [Fact]
    public async Task Call_WhoseLastWordsWerePlayedSoonerThanReckoned_HasThemInItsRecording()
    {
        await using var bed = new CallBed(options => options.RecordingFolder = folder);
        await bed.JoinAsync();
        await bed.Journal.WhenAsync("prompt");
        await WhenFileExistsAsync(bed);
        bed.Session.Turn(500, "Goodbye");
        bed.Pass(440);
        await bed.Journal.WhenAsync("mark");
        bed.Leg.Sink!.OnMark(bed.Journal.Of<string>("mark")[^1]);
        bed.Line.HangUp(CallEndKind.AgentEnded, "done");
        var end = await bed.EndAsync();

        var frames = Frames(await File.ReadAllBytesAsync(Path.Combine(folder, end.RecordingFile!)));
        Assert.InRange(frames.Length / 8000.0, 0.49, 0.55);
        Assert.InRange(Rms(frames, 1, 0.44, 0.49), 4000, 6500);
    }

    [Fact]
    public async Task Call_WhenTheFolderCannotBeWritten_GoesOnWithoutARecording()
    {
        await File.WriteAllTextAsync(folder, "a file is in the way");
        try
        {
            await using var bed = new CallBed(options => options.RecordingFolder = folder);
            await bed.JoinAsync();
            bed.Session.Turn(500, "Hello");
            bed.Pass(1000);
            bed.Leg.End();
            var end = await bed.EndAsync();

            Assert.Null(end.RecordingFile);
            Assert.Equal(500, bed.Leg.HeardMilliseconds, 20.0);
            Assert.Contains(bed.Logs.Entries, entry => entry.Event.Id == 6110);
        }
        finally
        {
            File.Delete(folder);
        }
    }

    [Fact]
    public async Task Call_WithoutAFolder_IsNotRecorded()
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Leg.End();

        Assert.Null((await bed.EndAsync()).RecordingFile);
    }

    // The recording is opened beside the call; its file is the sign that it takes samples.
    private async Task WhenFileExistsAsync(CallBed bed)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"2026/01/05/{bed.SessionId}.wav");
        using var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, EnableRaisingEvents = true };
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) =>
        {
            if (File.Exists(path))
            {
                seen.TrySetResult();
            }
        };
        if (!File.Exists(path))
        {
            await seen.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    private static (short Person, short Agent)[] Frames(byte[] file)
    {
        const int Header = 44;
        var frames = new (short, short)[(file.Length - Header) / 4];
        for (var i = 0; i < frames.Length; i++)
        {
            frames[i] = (BitConverter.ToInt16(file, Header + (i * 4)), BitConverter.ToInt16(file, Header + (i * 4) + 2));
        }

        return frames;
    }

    private static double Rms((short Person, short Agent)[] frames, int channel, double from, double to)
    {
        var part = frames[(int)(from * 8000)..Math.Min(frames.Length, (int)(to * 8000))];
        return Math.Sqrt(part.Average(frame => Math.Pow(channel == 0 ? frame.Person : frame.Agent, 2)));
    }
}
