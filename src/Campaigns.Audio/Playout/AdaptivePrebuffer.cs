namespace Campaigns.Audio;

/// <summary>How much must have come before playing begins: more after each underrun, slowly less while all goes well.</summary>
internal sealed class AdaptivePrebuffer(PlayoutOptions options)
{
    private TimeSpan _calm;

    public TimeSpan Length { get; private set; } = options.Prebuffer;

    public int Underruns { get; private set; }

    public void OnUnderrun()
    {
        Underruns++;
        _calm = TimeSpan.Zero;
        var grown = Length + options.PrebufferGrowth;
        Length = grown < options.MaxPrebuffer ? grown : options.MaxPrebuffer;
    }

    public void OnSent(TimeSpan length)
    {
        _calm += length;
        if (_calm >= options.CalmPeriod)
        {
            _calm -= options.CalmPeriod;
            var shrunk = Length - options.PrebufferDecay;
            Length = shrunk > options.Prebuffer ? shrunk : options.Prebuffer;
        }
    }
}
