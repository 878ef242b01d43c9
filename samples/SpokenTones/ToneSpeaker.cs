namespace SpokenTones;

/// <summary>Who speaks. Each has a band of their own, so that the echo of one is never taken for the other.</summary>
public enum ToneSpeaker
{
    /// <summary>The one who was called: 533 to 1800 Hz.</summary>
    Person,

    /// <summary>The one who calls: 2000 to 3267 Hz.</summary>
    Agent,
}
