namespace LiveModelSimulator;

/// <summary>A message of a sentence.</summary>
/// <param name="Json">As it is sent.</param>
/// <param name="StartMs">The place in the sentence's audio it belongs to.</param>
/// <param name="AudioMs">The audio it carries; 0 for transcription alone.</param>
/// <param name="Begins">The first sound that can be heard is in it.</param>
internal readonly record struct SpokenFrame(byte[] Json, double StartMs, double AudioMs, bool Begins = false);

/// <summary>A sentence, ready to send. Shared by all sessions.</summary>
internal sealed record SpokenLine(string Text, IReadOnlyList<SpokenFrame> Frames, double LengthMs);

/// <summary>Where a sentence's transcription goes.</summary>
internal enum TranscriptionStyle
{
    None,

    /// <summary>Messages of their own, ahead of the audio.</summary>
    Apart,

    /// <summary>In the audio's messages.</summary>
    Together,

    /// <summary>Messages of their own, after the audio.</summary>
    Late,
}

/// <summary>What a sentence's messages depend on.</summary>
internal sealed record LineStyle(TranscriptionStyle Transcription, int LeadInMs, bool UnknownFields);
