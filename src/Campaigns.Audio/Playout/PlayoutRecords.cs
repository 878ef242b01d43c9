namespace Campaigns.Audio;

/// <summary>A chunk that is to be sent now.</summary>
/// <param name="Utterance">Whose audio it is.</param>
/// <param name="Sequence">Counts all chunks from 0: what a mark for it is called by.</param>
/// <param name="Bytes">Its length, a multiple of 320.</param>
/// <param name="Samples">How many of its samples are audio; zeros follow.</param>
/// <param name="PlaysAt">When the carrier begins to play it, if it arrives at once: the end of the previous one, or now.</param>
/// <param name="Last">Whether the utterance is known to end with it. An utterance may also be ended after its last chunk went out.</param>
public readonly record struct PlayoutChunk(long Utterance, long Sequence, int Bytes, int Samples, TimeSpan PlaysAt, bool Last);

/// <summary>What became of an utterance that was cut off.</summary>
/// <param name="Utterance">Which one.</param>
/// <param name="PlayedMilliseconds">How much of it was heard.</param>
/// <param name="GeneratedMilliseconds">How much of it had been written.</param>
public readonly record struct UtteranceCut(long Utterance, double PlayedMilliseconds, double GeneratedMilliseconds);

/// <summary>What <see cref="PlayoutBuffer.Write"/> did.</summary>
public enum PlayoutWrite
{
    /// <summary>All of it is buffered.</summary>
    Accepted,

    /// <summary>None of it was taken: too much is waiting.</summary>
    NoRoom,

    /// <summary>None of it was taken: no utterance is open, because none was begun or the last one was ended or flushed.</summary>
    NoUtterance,
}
