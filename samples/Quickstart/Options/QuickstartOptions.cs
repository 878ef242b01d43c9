namespace Quickstart.Options;

/// <summary>What the command line asks for.</summary>
internal sealed record QuickstartOptions
{
    /// <summary>The port that is taken when none is asked for and it is free.</summary>
    public const int UsualPort = 5080;

    /// <summary>Exit when the campaign is done, or has only callbacks left that it promised for later, with one line of JSON last.</summary>
    public bool Once { get; init; }

    /// <summary>The people: a CSV file.</summary>
    public string Contacts { get; init; } = Path.Combine(AppContext.BaseDirectory, "contacts.csv");

    /// <summary>The campaign: a JSON file.</summary>
    public string Campaign { get; init; } = Path.Combine(AppContext.BaseDirectory, "campaign.json");

    /// <summary>How many times faster than real phones the simulated ones ring. People talk in real time.</summary>
    public double Speed { get; init; } = 30;

    /// <summary>Instead of the campaign file's value.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>Instead of the campaign file's value.</summary>
    public int? CallsPerMinute { get; init; }

    /// <summary>The folder that is kept; null for a temporary one.</summary>
    public string? Data { get; init; }

    /// <summary>The port of the API; 0 for any free one; null for that of the data folder, or the usual one.</summary>
    public int? Port { get; init; }

    public bool Help { get; init; }

    public bool Version { get; init; }
}
