namespace Campaigns.Domain.Pacing;

/// <summary>What a claim leaves a campaign waiting for, told to the others of its account.</summary>
/// <param name="Lines">Dials that lack only a line.</param>
/// <param name="Slots">
/// Dials that its own limits allow from one claim to the next, if slots of the account were lacking; <see cref="Endless"/> when a batch does not hold them.
/// </param>
/// <param name="Promised">Promised callbacks among them.</param>
public readonly record struct PermitWait(int Lines, int Slots, int Promised)
{
    /// <summary>More slots than anybody can leave.</summary>
    public const int Endless = 1_000_000;

    /// <summary>Whether it waits for nothing that others have.</summary>
    public bool IsNone => this == default;

    /// <summary>What is left of a plan that others, and not the campaign itself, kept short.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="dialled">How many of its slots were used.</param>
    /// <param name="candidatesLeft">Contacts that are due and were not looked at.</param>
    /// <param name="promisedLeft">Promised callbacks among those.</param>
    /// <param name="batch">Most slots in one plan.</param>
    public static PermitWait After(PacingPlan plan, int dialled, int candidatesLeft, int promisedLeft, int batch)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var missing = Math.Max(0, Math.Min(plan.Own - dialled, candidatesLeft));
        var promised = Math.Min(missing, promisedLeft);
        return plan.LimitedBy switch
        {
            PacingLimit.OrganizationCap or PacingLimit.AccountCap or PacingLimit.ModelSessions or PacingLimit.LineShare
                or PacingLimit.PromisedLines => new PermitWait(missing, 0, promised),
            PacingLimit.AccountRate or PacingLimit.AccountBlocked or PacingLimit.SlotShare or PacingLimit.PromisedSlots =>
                new PermitWait(0, missing == 0 ? 0 : plan.Own >= batch ? Endless : dialled + missing, promised),
            _ => default,
        };
    }
}
