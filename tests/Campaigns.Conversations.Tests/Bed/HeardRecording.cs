using System.Runtime.InteropServices;
using Campaigns.Audio;
using SpokenTones;

namespace Campaigns.Conversations.Tests.Bed;

/// <summary>A two-channel recording, listened to.</summary>
public sealed record HeardRecording(
    int Rate, double LengthMs, bool IsStale, IReadOnlyList<HeardUtterance> Person, IReadOnlyList<HeardUtterance> Agent, double AgentAudibleMs)
{
    private const short Audible = 328;
    private const int FrameMs = 20;

    /// <summary>Reads the person on the left and the agent on the right.</summary>
    public static HeardRecording Read(string path)
    {
        using var stream = File.OpenRead(path);
        var header = WavFile.ReadHeader(stream);
        Assert.Equal((2, 16), (header.Channels, header.BitsPerSample));
        var bytes = new byte[header.DataBytes];
        stream.Position = header.DataOffset;
        stream.ReadExactly(bytes);
        var samples = MemoryMarshal.Cast<byte, short>(bytes);
        var (left, right) = (new short[samples.Length / 2], new short[samples.Length / 2]);
        for (var i = 0; i < left.Length; i++)
        {
            (left[i], right[i]) = (samples[2 * i], samples[(2 * i) + 1]);
        }

        return new HeardRecording(
            header.SampleRate, left.Length * 1000.0 / header.SampleRate, header.IsStale, Hear(left, header.SampleRate, ToneSpeaker.Person),
            Hear(right, header.SampleRate, ToneSpeaker.Agent), AudibleMs(right, header.SampleRate));
    }

    private static IReadOnlyList<HeardUtterance> Hear(short[] samples, int rate, ToneSpeaker speaker)
    {
        var ear = new ToneEar(rate, speaker);
        ear.Hear(samples);
        ear.Hear(new short[rate / 5]);
        return ear.Take();
    }

    private static double AudibleMs(short[] samples, int rate)
        => samples.Chunk(rate * FrameMs / 1000).Count(frame => frame.AsSpan().ContainsAnyExceptInRange((short)-Audible, Audible)) * FrameMs;
}
