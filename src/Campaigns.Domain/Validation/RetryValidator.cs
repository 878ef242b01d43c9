using Campaigns.Domain.Contacts;

namespace Campaigns.Domain.Validation;

/// <summary>The errors of a retry policy.</summary>
internal static class RetryValidator
{
    internal static void Add(ErrorList errors, RetryPolicy? policy)
    {
        if (policy?.Rules is not { } rules)
        {
            errors.If(true, "retry", "must not be null");
            return;
        }

        foreach (var (outcome, rule) in rules.OrderBy(r => r.Key))
        {
            var path = Enum.IsDefined(outcome) ? $"retry.{outcome.ToText()}" : $"retry.{(int)outcome}";
            errors.If(!RetryRules.MayRetry(outcome), path, "is an outcome that is never tried again");
            if (rule is null)
            {
                errors.If(true, path, "must not be null");
                continue;
            }

            errors.Range($"{path}.maxAttempts", rule.MaxAttempts, 1, CampaignLimits.MaxAttempts);
            Backoff(errors, $"{path}.backoff", rule);
        }
    }

    private static void Backoff(ErrorList errors, string path, RetryRule rule)
    {
        if (rule.Backoff.IsDefaultOrEmpty)
        {
            return;
        }

        errors.If(rule.Backoff.Length > CampaignLimits.MaxAttempts, path, $"has more than {CampaignLimits.MaxAttempts} waits");
        for (var i = 0; i < Math.Min(rule.Backoff.Length, CampaignLimits.MaxAttempts); i++)
        {
            var wait = rule.Backoff[i];
            errors.If(
                wait < TimeSpan.Zero || wait > TimeSpan.FromDays(CampaignLimits.BackoffDays),
                $"{path}[{i}]",
                $"must be between 0 and {CampaignLimits.BackoffDays} days");
        }
    }
}
