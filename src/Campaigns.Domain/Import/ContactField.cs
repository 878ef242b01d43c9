namespace Campaigns.Domain.Import;

/// <summary>Where a column of an import goes.</summary>
public enum ContactField
{
    /// <summary>Kept under its header text, for the prompt and the tools.</summary>
    Context,

    /// <summary>Left out.</summary>
    Ignore,

    /// <summary>The whole name.</summary>
    Name,

    /// <summary>The first name; joined with the last where there is no whole name.</summary>
    FirstName,

    /// <summary>The last name.</summary>
    LastName,

    /// <summary>The phone number.</summary>
    Phone,

    /// <summary>The e-mail address.</summary>
    Email,

    /// <summary>The status label.</summary>
    Status,

    /// <summary>City.</summary>
    City,

    /// <summary>Occupation.</summary>
    Occupation,

    /// <summary>Preferred language, tag or name.</summary>
    PreferredLanguage,

    /// <summary>IANA time zone.</summary>
    TimeZone,

    /// <summary>Marketing consent.</summary>
    Consent,
}
