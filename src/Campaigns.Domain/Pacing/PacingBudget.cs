namespace Campaigns.Domain.Pacing;

/// <summary>How many dials a plan may have, before rates are looked at.</summary>
/// <param name="Total">Slots in all.</param>
/// <param name="Promised">The first of them: for promised callbacks, which no share and no other callback holds back.</param>
/// <param name="Ordinary">How many of the total anybody may have.</param>
/// <param name="LimitedBy">Why there are no more.</param>
internal readonly record struct PacingBudget(int Total, int Promised, int Ordinary, PacingLimit LimitedBy)
{
    public static PacingBudget Of(PacingInput input)
    {
        var hard = new Least(input.MaxConcurrent - input.InFlight, PacingLimit.MaxConcurrent);
        hard.Add(input.OrganizationCap - input.OrganizationInFlight, PacingLimit.OrganizationCap);
        hard.Add(input.AccountFreeLines, PacingLimit.AccountCap);
        hard.Add(input.ModelFreeLines, PacingLimit.ModelSessions);
        hard.Add(input.MaxBatch, PacingLimit.Batch);

        var soft = hard;
        soft.Add(input.OrganizationCap - input.OrganizationInFlight - input.PromisedElsewhere, PacingLimit.PromisedLines);
        soft.Add(input.LineShare - input.InFlight, PacingLimit.LineShare);

        var promised = Math.Max(0, Math.Min(hard.Value, input.Promised));
        var ordinary = Math.Max(0, soft.Value);
        return promised > ordinary
            ? new PacingBudget(promised, promised, ordinary, promised == hard.Value ? hard.Limit : soft.Limit)
            : new PacingBudget(ordinary, promised, ordinary, soft.Limit);
    }

    private struct Least(int value, PacingLimit limit)
    {
        public int Value { get; private set; } = value;

        public PacingLimit Limit { get; private set; } = limit;

        /// <summary>Of two that are alike the first stands: the nearer one.</summary>
        public void Add(int? other, PacingLimit limit)
        {
            if (other < Value)
            {
                (Value, Limit) = (other.Value, limit);
            }
        }
    }
}
