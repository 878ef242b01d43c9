namespace Campaigns.Silo.Calls;

/// <summary>When conversations are distilled. Bound from <c>Campaigns:Extraction</c>.</summary>
public sealed class ExtractionOptions
{
    /// <summary>How often a silo looks for finished conversations. Default 2 s.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Most that a silo distils at once. Default 4; each is one request to the text model.</summary>
    public int AtOnce { get; set; } = 4;

    /// <summary>How long a silo keeps a conversation to itself before another may take it. Default 2 min, more than a request takes.</summary>
    public TimeSpan Hold { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Most tries. Default 8, over about three hours.</summary>
    public int Attempts { get; set; } = 8;

    /// <summary>Most tries when the model refuses the request as such. Default 2: the second may be after a mended configuration.</summary>
    public int FatalAttempts { get; set; } = 2;

    /// <summary>Wait after the first failure; it doubles with each, up to an hour. Default 30 s.</summary>
    public TimeSpan Backoff { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait after the n-th failure.</summary>
    /// <param name="attempt">1 for the first.</param>
    internal TimeSpan BackoffAfter(int attempt)
    {
        var wait = Backoff * Math.Pow(2, Math.Min(attempt - 1, 20));
        return wait < TimeSpan.FromHours(1) ? wait : TimeSpan.FromHours(1);
    }
}
