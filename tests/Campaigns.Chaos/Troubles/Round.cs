namespace Campaigns.Chaos.Troubles;

/// <summary>What was done in a round, and what was seen of it at once.</summary>
public sealed record Round
{
    public required int Number { get; init; }

    public required RoundPlan Plan { get; init; }

    /// <summary>When it was this round's turn.</summary>
    public required DateTimeOffset Began { get; init; }

    public DateTimeOffset Ended { get; set; }

    /// <summary>Whom it was done to.</summary>
    public string Victim { get; set; } = "";

    /// <summary>The longest that a campaign waited for its next dial: from its owner's loss, or from the database's return.</summary>
    public TimeSpan? Resumed { get; set; }

    /// <summary>What was seen on the way, for the table.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>What was not as promised.</summary>
    public List<string> Complaints { get; } = [];

    public void Complain(string? complaint)
    {
        if (complaint is not null)
        {
            Complaints.Add($"round {Number}, {Plan.Trouble}: {complaint}");
        }
    }
}
