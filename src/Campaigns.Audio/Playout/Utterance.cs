namespace Campaigns.Audio;

/// <summary>The account of one utterance, in samples.</summary>
internal sealed class Utterance(long id)
{
    public long Id { get; } = id;

    public long Written { get; set; }

    public long Sent { get; set; }

    /// <summary>Of the chunks that have been played to their end, or up to the cut.</summary>
    public long Played { get; set; }

    /// <summary>Nothing more comes.</summary>
    public bool Ended { get; set; }

    /// <summary>Flushed: what was not played by then never will be.</summary>
    public bool Cut { get; set; }

    /// <summary>Nothing about it can change any more.</summary>
    public bool Settled => Cut || (Ended && Played == Written);

    /// <summary>Held back until enough has come.</summary>
    public bool Filling { get; set; } = true;

    /// <summary>Since when audio is held back.</summary>
    public TimeSpan? FillingSince { get; set; }

    public long Waiting => Written - Sent;
}
