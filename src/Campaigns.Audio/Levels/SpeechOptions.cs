namespace Campaigns.Audio;

/// <summary>What a <see cref="SpeechDetector"/> takes for speech.</summary>
public sealed class SpeechOptions
{
    /// <summary>How far a frame must stand out of the noise, in dB. Default 6. Less hears softer voices and more noise.</summary>
    public double MarginDecibels { get; init; } = 6;

    /// <summary>Frames below this are never speech, in dBFS after the high-pass. Default −50.</summary>
    public double QuietDbfs { get; init; } = -50;

    /// <summary>How long it must be quiet before speech counts as ended. Default 300 ms. Less cuts phrases in two.</summary>
    public TimeSpan Hangover { get; init; } = TimeSpan.FromMilliseconds(300);
}
