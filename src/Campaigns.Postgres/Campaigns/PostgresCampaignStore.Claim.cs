using Campaigns.Domain.Eligibility;
using Campaigns.Domain.Pacing;
using Campaigns.Grains;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Campaigns;

public sealed partial class PostgresCampaignStore
{
    /// <inheritdoc/>
    public async Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        var spec = await specs.GetAsync(request.Lease.CampaignId, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var desk = await ReadDeskAsync(connection, request, spec, cancellationToken);
        if (desk is null || desk.Epoch != request.Lease.Epoch)
        {
            await RollbackAsync(connection, cancellationToken);
            return Nothing(ClaimResultKind.LeaseLost);
        }

        switch (desk.Status)
        {
            case CampaignStatus.Running when desk is { Pending: 0, InFlight: 0 }:
                await RollbackAsync(connection, cancellationToken);
                return await CompleteAsync(request, cancellationToken);
            case CampaignStatus.Running:
                break;
            case CampaignStatus.Scheduled when !(desk.Spec.StartAt > request.Now):
                await RollbackAsync(connection, cancellationToken);
                await ApplyAsync(request.Lease.CampaignId, CampaignCommand.Open, "", request.Now, cancellationToken);
                return new ClaimResult(ClaimResultKind.Claimed, [], MoreCandidates: true);
            case CampaignStatus.Completed or CampaignStatus.Cancelled:
                await RollbackAsync(connection, cancellationToken);
                return Nothing(ClaimResultKind.Finished);
            default:
                await RollbackAsync(connection, cancellationToken);
                return Nothing(ClaimResultKind.NotRunning);
        }

        var plan = PermitPlan.Of(desk.Permits(request));
        var outcome = Judge(desk, request, plan.Dials);
        var after = plan.After(outcome.Orders.Length, desk.Candidates.Count - outcome.Seen, desk.Candidates.Skip(outcome.Seen).Count(c => c.Promised));
        if (outcome.Seen == 0 && after.Wait.IsNone && !desk.SaidToWait)
        {
            await RollbackAsync(connection, cancellationToken);
            return Nothing(ClaimResultKind.Claimed) with { Lines = new ClaimLines(desk.InFlight, plan.LineLimit, desk.Account.RateFactor) };
        }

        await WriteAsync(connection, request, desk, outcome, after, cancellationToken);
        var more = outcome.PassedOver > 0 && outcome.Orders.Length < plan.Dials.Slots.Length;
        return new ClaimResult(ClaimResultKind.Claimed, outcome.Orders, more)
        {
            Lines = new ClaimLines(desk.InFlight + outcome.Orders.Length, plan.LineLimit, desk.Account.RateFactor),
        };
    }

    private static ClaimResult Nothing(ClaimResultKind kind) => new(kind, [], MoreCandidates: false);

    private async Task<ClaimResult> CompleteAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(CompleteIfDone);
        command.Add(request.Lease.CampaignId).Add(request.Lease.Epoch).Add(request.Now);
        var completed = await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        return Nothing(completed ? ClaimResultKind.Finished : ClaimResultKind.Claimed);
    }

    /// <summary>Lets every rule look at each candidate in order, promised callbacks first, until the slots are used up.</summary>
    private static ClaimOutcome Judge(ClaimDesk desk, ClaimRequest request, PacingPlan plan)
    {
        var rules = new EligibilityRules
        {
            RequiresConsent = desk.Spec.RequiresConsent,
            AttemptsPerDay = desk.Spec.AttemptsPerDay,
            Window = desk.Spec.CallingWindow ?? desk.OrganizationWindow,
            OrganizationTimeZone = desk.OrganizationTimeZone,
        };
        var outcome = new ClaimOutcome();
        foreach (var candidate in desk.Candidates)
        {
            if (outcome.Orders.Length >= (candidate.Promised ? plan.Slots.Length : plan.Ordinary))
            {
                break;
            }

            switch (Eligibility.Evaluate(candidate.Facts, rules, request.Now))
            {
                case Verdict.Skip skip:
                    outcome.Skip(candidate, skip.Reason);
                    break;
                case Verdict.Defer defer:
                    outcome.Defer(candidate, defer.Until, defer.Reason);
                    break;
                default:
                    outcome.Claim(candidate, plan.Slots[outcome.Orders.Length], desk.OrganizationId, request.Lease);
                    break;
            }
        }

        return outcome;
    }

    private static async Task RollbackAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("ROLLBACK", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
