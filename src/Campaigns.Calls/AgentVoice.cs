using System.Runtime.CompilerServices;
using Campaigns.Audio;
using Campaigns.Carrier;

namespace Campaigns.Calls;

/// <summary>
/// The way of the agent's voice to the person: to the leg's rate, through the playout buffer, in chunks to the carrier, and the account of what was
/// heard. All members are called under the call's lock, times count from the beginning of the stream. Nothing here waits: the leg's sends are
/// started in order and their ends are met in <see cref="OnSent"/>.
/// </summary>
internal sealed class AgentVoice : IDisposable
{
    private readonly IMediaLeg leg;
    private readonly PlayoutBuffer playout;
    private readonly Action<Exception> lost;
    private readonly Action<long, TimeSpan> began;
    private readonly Action sent;
    private readonly byte[] chunk;
    private readonly int chunkBytes;
    private ICallRecording? recording;
    private Resampler? resampler;
    private short[] samples = [];
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter sending;
    private bool isSending;
    private bool isClosed;
    private long utterance;
    private bool isOpen;
    private long lastSequence = -1;
    private long lastUtterance;
    private long markedUtterance;
    private long clip;

    /// <param name="leg">Where it goes.</param>
    /// <param name="options">Chunks and waits.</param>
    /// <param name="began">Told when an utterance begins to be heard.</param>
    /// <param name="sent">Called when a send that could not end at once has ended, on any thread and without the call's lock.</param>
    /// <param name="lost">Told that the leg takes nothing any more; it ends by itself then.</param>
    internal AgentVoice(
        IMediaLeg leg, CallOptions options, Action<long, TimeSpan> began, Action sent, Action<Exception> lost)
    {
        (this.leg, this.began, this.sent, this.lost) = (leg, began, sent, lost);
        var rate = leg.Start.SampleRate;
        chunkBytes = (int)(rate * 2 * options.Chunk.Ticks / TimeSpan.TicksPerSecond);
        chunk = new byte[chunkBytes];
        playout = new PlayoutBuffer(new PlayoutOptions
        {
            SampleRate = rate,
            ChunkBytes = chunkBytes,
            Lead = options.Lead,
            Prebuffer = options.Prebuffer,
            MaxPrebuffer = options.MaxPrebuffer,
            MaxBuffered = options.MaxBuffered,
        });
    }

    internal int Underruns => playout.Underruns;

    internal long RefusedSamples => playout.RefusedSamples;

    /// <summary>When the first sound of the agent that can be heard began to play; null before. A recorded clip is none.</summary>
    internal TimeSpan? FirstAudible { get; private set; }

    /// <summary>How many chunks were sent.</summary>
    internal long Chunks => lastSequence + 1;

    /// <summary>Until when the carrier plays what it was sent.</summary>
    internal TimeSpan PlaysUntil => lastSequence < 0 ? TimeSpan.Zero : playout.CarrierDryAt;

    /// <summary>Where what is played is kept.</summary>
    internal void Record(ICallRecording? to) => recording = to;

    /// <summary>The rate at which audio will be written.</summary>
    internal void SetRate(int hz) => resampler = Resampler.Create(hz, leg.Start.SampleRate);

    /// <summary>Begins an utterance behind those that wait.</summary>
    /// <returns>Its id, 1 for the first.</returns>
    internal long Begin()
    {
        End();
        playout.BeginUtterance(++utterance);
        isOpen = true;
        return utterance;
    }

    /// <summary>Adds audio to the utterance begun last.</summary>
    /// <returns>Milliseconds that it adds to what is generated.</returns>
    internal double Write(ReadOnlySpan<byte> pcm)
    {
        var rate = resampler ?? throw new InvalidOperationException("No audio can be written before its rate is known.");
        var needed = rate.MaxOutput(pcm.Length / 2) + rate.MaxTail;
        if (samples.Length < needed)
        {
            samples = new short[Math.Max(needed, samples.Length * 2)];
        }

        return WriteSamples(rate.Process(Samples(pcm), samples));
    }

    /// <summary>Says a recorded clip, at 8 kHz, as an utterance of its own.</summary>
    internal long Say(ReadOnlySpan<byte> pcm8)
    {
        SetRate(8000);
        clip = Begin();
        Write(pcm8);
        End();
        return clip;
    }

    /// <summary>Nothing more comes for the utterance begun last.</summary>
    /// <returns>Milliseconds that its end adds to what is generated.</returns>
    internal double End()
    {
        if (!isOpen)
        {
            return 0;
        }

        var tail = 0.0;
        if (resampler is { } rate)
        {
            if (samples.Length < rate.MaxTail)
            {
                samples = new short[rate.MaxTail];
            }

            tail = WriteSamples(rate.Finish(samples));
        }

        playout.EndUtterance();
        isOpen = false;
        if (lastUtterance == utterance && playout.BufferedMilliseconds <= 0)
        {
            SendMark();
        }

        return tail;
    }

    /// <summary>Drops what has not been played, here and at the carrier.</summary>
    /// <returns>The clear on its way: ended when it is sent, never faulted.</returns>
    internal Task Interrupt(TimeSpan now)
    {
        Forget(now);
        return ClearAsync();
    }

    /// <summary>Drops what has not been played, here only: the leg is being closed.</summary>
    internal void Forget(TimeSpan now)
    {
        if (!playout.Drained(now))
        {
            // A carrier that says it has played everything may be ahead of what was reckoned: then nothing is cut.
            recording?.CutAgent(now);
        }

        playout.Flush(now);
        resampler?.Reset();
        isOpen = false;
    }

    /// <summary>Sends what is due.</summary>
    internal void Pump(TimeSpan now)
    {
        while (!isSending && !isClosed && playout.TryTake(now, chunk, out var info))
        {
            Account(info);
            Send(info.Bytes);
            (lastSequence, lastUtterance) = (info.Sequence, info.Utterance);
            if (info.Last)
            {
                SendMark();
            }
        }
    }

    /// <summary>When <see cref="Pump"/> has something to do next; null when nothing waits.</summary>
    internal TimeSpan? NextDue(TimeSpan now) => isSending || isClosed ? null : playout.NextDue(now);

    /// <summary>A send has ended: the chunk's memory is free.</summary>
    internal void OnSent()
    {
        isSending = false;
        try
        {
            sending.GetResult();
        }
        catch (Exception error) when (error is MediaClosedException or OperationCanceledException)
        {
            Close(error);
        }
    }

    /// <summary>The carrier has played everything up to a mark.</summary>
    internal void OnMark(string name, TimeSpan now)
    {
        if (name.Length > 1 && name[0] == 'c' && long.TryParse(name.AsSpan(1), out var sequence))
        {
            playout.OnMark(sequence, now);
        }
    }

    /// <summary>How much of an utterance has been played, in milliseconds.</summary>
    internal double Played(long id, TimeSpan now) => playout.PlayedMilliseconds(id, now) ?? 0;

    /// <summary>Whether nothing is to be heard any more, but perhaps a ragged end that is kept back because more may come.</summary>
    internal bool IsQuiet(TimeSpan now) => playout.Drained(now) || (now >= PlaysUntil && NextDue(now) is null && !isSending);

    /// <summary>Whether everything written has been played.</summary>
    internal bool Drained(TimeSpan now) => playout.Drained(now);

    /// <summary>Nothing is sent any more.</summary>
    internal void Close() => isClosed = true;

    public void Dispose() => playout.Dispose();

    private static ReadOnlySpan<short> Samples(ReadOnlySpan<byte> pcm)
        => BitConverter.IsLittleEndian ? PcmBytes.AsSamples(pcm, []) : PcmBytes.AsSamples(pcm, new short[pcm.Length / 2]);

    private double WriteSamples(int count)
        => playout.Write(samples.AsSpan(0, count)) == PlayoutWrite.Accepted ? count * 1000.0 / leg.Start.SampleRate : 0;

    private void Account(in PlayoutChunk info)
    {
        var played = Samples(chunk.AsSpan(0, info.Samples * 2));
        if (info.Utterance != lastUtterance)
        {
            began(info.Utterance, info.PlaysAt);
        }

        if (FirstAudible is null && info.Utterance != clip && Audio.FirstAudible.IndexOf(played) is >= 0 and var first)
        {
            FirstAudible = info.PlaysAt + TimeSpan.FromSeconds((double)first / leg.Start.SampleRate);
        }

        recording?.WriteAgent(info.PlaysAt, played);
    }

    private void Send(int bytes)
    {
        try
        {
            sending = leg.SendAudioAsync(chunk.AsMemory(0, bytes), CancellationToken.None).ConfigureAwait(false).GetAwaiter();
            isSending = true;
            if (sending.IsCompleted)
            {
                OnSent();
            }
            else
            {
                sending.UnsafeOnCompleted(sent);
            }
        }
        catch (MediaClosedException error)
        {
            Close(error);
        }
    }

    // Named by the chunk it follows. One to an utterance, for the buffer knows of an end only when it is told.
    private void SendMark()
    {
        if (isClosed || markedUtterance == lastUtterance)
        {
            return;
        }

        markedUtterance = lastUtterance;
        _ = MarkAsync($"c{lastSequence}");
    }

    private async Task MarkAsync(string name)
    {
        try
        {
            await leg.SendMarkAsync(name, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is MediaClosedException or OperationCanceledException)
        {
            lost(error);
        }
    }

    private async Task ClearAsync()
    {
        if (isClosed)
        {
            return;
        }

        try
        {
            await leg.SendClearAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is MediaClosedException or OperationCanceledException)
        {
            lost(error);
        }
    }

    private void Close(Exception error)
    {
        isClosed = true;
        lost(error);
    }
}
