using System.Runtime.InteropServices;
using Campaigns.Audio;
using Campaigns.Carrier;
using Campaigns.LiveModel;

namespace Campaigns.Calls;

// From the person to the model.
internal sealed partial class CallBridge : IMediaSink
{
    private const int MostKeys = 32;
    private static readonly TimeSpan KeyPause = TimeSpan.FromMilliseconds(1500);

    private readonly IMachineEar machineEar;
    private short[] heardSamples;
    private short[] uplinkSamples = [];
    private Resampler? uplink;
    private byte[] uplinkBytes = [];
    private TimeSpan lastFrame;
    private TimeSpan? lastKey;
    private string keys = "";

    // Read on the leg's loop without the lock: the way to the model waits for nothing.
    private volatile ILiveSession? session;
    private volatile bool isGated;

    void IMediaSink.OnAudio(ReadOnlySpan<byte> pcm)
    {
        var received = around.Time.GetTimestamp();
        var samples = Samples(pcm);
        if (session is { } target)
        {
            SendUp(target, samples);
            around.Telemetry.OnTowardsModel(around.Time.GetElapsedTime(received));
        }

        lock (gate)
        {
            if (stage != CallStage.Ended)
            {
                Hear(samples, Now);
            }
        }
    }

    void IMediaSink.OnMark(string name)
    {
        lock (gate)
        {
            if (stage != CallStage.Ended)
            {
                var now = lastFrame = Now;
                voice.OnMark(name, now);
                Advance(now);
            }
        }
    }

    void IMediaSink.OnDtmf(char digit)
    {
        lock (gate)
        {
            if (stage == CallStage.Talking)
            {
                lastFrame = Now;
                lastKey = lastFrame;
                keys = keys.Length < MostKeys ? keys + digit : keys;
            }
        }
    }

    // What the machine or an early hello says is kept from the model as silence, so that its ear stays in step.
    private void SendUp(ILiveSession target, ReadOnlySpan<short> samples)
    {
        uplink ??= Resampler.Create(leg.Start.SampleRate, target.InputSampleRate);
        var needed = uplink.MaxOutput(samples.Length);
        if (uplinkSamples.Length < needed)
        {
            uplinkSamples = new short[needed * 2];
            uplinkBytes = new byte[needed * 4];
        }

        var count = uplink.Process(samples, uplinkSamples);
        var bytes = uplinkBytes.AsSpan(0, count * 2);
        if (isGated)
        {
            bytes.Clear();
        }
        else
        {
            PcmBytes.Write(uplinkSamples.AsSpan(0, count), bytes);
        }

        target.SendAudio(bytes);
    }

    private void Hear(ReadOnlySpan<short> samples, TimeSpan now)
    {
        lastFrame = now;
        var heard = stream.Take(samples.Length, now);
        var length = TimeSpan.FromSeconds((double)samples.Length / leg.Start.SampleRate);
        recording?.WritePerson(heard > length ? heard - length : TimeSpan.Zero, samples);
        ear.Hear(samples, heard, machineEar.IsListening || stage == CallStage.AwaitBeep);
        foreach (var edge in ear.Edges)
        {
            var at = ear.TimeOf(edge.Position, heard);
            if (edge.Started)
            {
                conversation.OnPersonBegan(at);
                OnPersonActive(at);
            }
            else
            {
                conversation.OnPersonEnded(at);
                OnPersonDone(at);
            }
        }

        if (machineEar.IsListening && stage is CallStage.Talking or CallStage.Hello)
        {
            var sounding = ear is { SoundBegan: { } began, SoundEnded: { } last } ? last - began : TimeSpan.Zero;
            OnVerdict(machineEar.OnSound(heard, sounding, heard - (ear.SoundEnded ?? TimeSpan.Zero), ear.BeepEnded));
        }
    }

    private ReadOnlySpan<short> Samples(ReadOnlySpan<byte> pcm)
    {
        if (BitConverter.IsLittleEndian)
        {
            return MemoryMarshal.Cast<byte, short>(pcm);
        }

        if (heardSamples.Length < pcm.Length / 2)
        {
            heardSamples = new short[pcm.Length / 2];
        }

        return PcmBytes.AsSamples(pcm, heardSamples);
    }

    // The keys of a menu come one by one; they are told together.
    private void TellKeys(TimeSpan now)
    {
        if (lastKey is { } at && now - at >= KeyPause)
        {
            var pressed = keys;
            (lastKey, keys) = (null, "");
            Prompt(LinePrompts.Keys(pressed), now);
        }
    }
}
