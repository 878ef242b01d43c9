namespace Campaigns.Domain.Validation;

/// <summary>The bounds of a campaign's settings.</summary>
public static class CampaignLimits
{
    /// <summary>Characters of a name.</summary>
    public const int Name = 200;

    /// <summary>Characters of the objective.</summary>
    public const int Instructions = 8_000;

    /// <summary>Live calls at once.</summary>
    public const int MaxConcurrent = 10_000;

    /// <summary>Dials per minute.</summary>
    public const int CallsPerMinute = 60_000;

    /// <summary>Weight beside other campaigns.</summary>
    public const int Weight = 100;

    /// <summary>Explicit contacts, or pasted numbers.</summary>
    public const int AudienceSize = 100_000;

    /// <summary>Characters of a filter or of a pasted number.</summary>
    public const int FilterText = 200;

    /// <summary>Attempts to one person in one of their days.</summary>
    public const int AttemptsPerDay = 50;

    /// <summary>Attempts that a retry rule may allow; also the waits it may list.</summary>
    public const int MaxAttempts = 20;

    /// <summary>The longest wait between two attempts, in days.</summary>
    public const int BackoffDays = 30;

    /// <summary>Characters of what is said to an answering machine.</summary>
    public const int MachineMessage = 1_000;

    /// <summary>Characters of what is said to a call screener.</summary>
    public const int ScreenerMessage = 500;

    /// <summary>The campaign's own results, also the fields of one and the choices of one of these.</summary>
    public const int Dispositions = 50;

    /// <summary>Characters of a result's code, of a field's name and of a choice.</summary>
    public const int DispositionCode = 60;

    /// <summary>Characters of a result's or a field's description.</summary>
    public const int DispositionDescription = 300;

    /// <summary>How far ahead a start may lie, in days.</summary>
    public const int StartDays = 366;
}
