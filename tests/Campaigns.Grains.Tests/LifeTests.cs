using Campaigns.Grains.Tests.Bed;
using Campaigns.Stores;
using Campaigns.Testing;

namespace Campaigns.Grains.Tests;

/// <summary>A campaign from its start time to its end, its circuit breaker, and corrections by hand.</summary>
public sealed class LifeTests
{
    [PostgresFact]
    public async Task ScheduledCampaign_OpensAtItsTimeAndNotBefore()
    {
        await using var bed = await GrainBed.StartAsync();
        await bed.Seed.ExecuteAsync("UPDATE campaigns SET status = 'PAUSED', running_since = NULL WHERE id = $1", bed.Seed.CampaignId);
        await bed.Seed.PersonAsync("Asha", "+918000000001", "Pune");
        var opening = bed.Driver.Now.AddHours(2);
        var id = await bed.Seed.DraftAsync(new AudienceSpec { City = "Pune" }, opening);

        var started = await bed.CampaignOf(id).StartAsync(CancellationToken.None);
        Assert.Equal((CommandResultKind.Applied, CampaignStatus.Scheduled), (started.Kind, started.Status));
        await bed.SuperviseAsync();
        await bed.JumpAsync(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, bed.Tape.Count("CampaignStore.TryAcquireLeaseAsync"));
        await bed.JumpAsync(TimeSpan.FromSeconds(1));
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(CampaignStatus.Running, await bed.Seed.StatusAsync(id));
        Assert.True(Assert.Single(bed.Carrier.Ledger).At >= opening, "It was dialled before its time.");
        await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.Completed);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(CampaignStatus.Completed, await bed.Seed.StatusAsync(id));
    }

    [PostgresFact]
    public async Task FinishedCampaign_CompletesAndLetsItsLeaseGo()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 3 });
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));
        foreach (var dial in bed.Carrier.Ledger)
        {
            await bed.EndAsync(dial, CallOutcome.Completed);
        }

        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(CampaignStatus.Completed, await bed.Seed.StatusAsync());
        Assert.Equal("", await bed.Seed.LeaseOwnerAsync());
        var calls = bed.Tape.Calls.Count;
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(30));

        // Nothing ticks any more, and a poke finds nothing to drive.
        Assert.Equal(calls, bed.Tape.Calls.Count);
        await bed.DriveAsync();
        Assert.Equal("", await bed.Seed.LeaseOwnerAsync());
        Assert.Equal(3, (await bed.Seed.CountAsync())[ContactStatus.Completed]);
    }

    [PostgresFact]
    public async Task PausedCampaign_LetsItsLeaseGoSoThatResumeDrivesAtOnceElsewhere()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 10, CallsPerMinute = 60 });
        var owner = await bed.Seed.LeaseOwnerAsync();
        await bed.StopAsync(bed.Campaign.PauseAsync("lunch", CancellationToken.None));
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("", await bed.Seed.LeaseOwnerAsync());

        await bed.Campaign.ResumeAsync(CancellationToken.None);
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));

        // A new activation: the old one ended with the pause.
        Assert.NotEqual(owner, await bed.Seed.LeaseOwnerAsync());
        Assert.Equal(2, await bed.Seed.EpochAsync());
        Assert.True(bed.Carrier.Ledger.Count >= 2, "The resumed campaign does not dial.");
    }

    [PostgresFact]
    public async Task PromisedCallback_IsDialledFirst()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 5, CallsPerMinute = 60 });
        await bed.Seed.ExecuteAsync(
            "UPDATE campaign_contacts SET priority = 1 WHERE campaign_id = $1 AND position = 5", bed.Seed.CampaignId);

        await bed.DriveAsync();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(["+919000000005", "+919000000001"], bed.Carrier.Ledger.Take(2).Select(d => d.Phone));
    }

    [PostgresFact]
    public async Task Breaker_WhenHalfOfTheCallsFail_PausesWithTheirNamesAndForgetsThemAtTheResume()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 60, CallsPerMinute = 120 });
        var ended = 0;
        for (var second = 0; second < 15 && await bed.Seed.StatusAsync() == CampaignStatus.Running; second++)
        {
            await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));
            foreach (var dial in bed.Carrier.Ledger.Skip(ended).ToList())
            {
                await bed.EndAsync(dial, ended++ % 2 == 0 ? CallOutcome.Failed : CallOutcome.Completed);
            }
        }

        Assert.Equal(CampaignStatus.Paused, await bed.Seed.StatusAsync());
        var reason = await bed.Seed.PauseReasonAsync();
        Assert.Contains("calls failed", reason, StringComparison.Ordinal);
        var failed = (await bed.Seed.SessionsAsync()).Where(s => s.Outcome == CallOutcome.Failed).Select(s => s.Id.ToString()).ToList();
        Assert.Equal(3, failed.Count(id => reason.Contains(id, StringComparison.Ordinal)));

        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(3));
        var before = bed.Carrier.Ledger.Count;
        await bed.Campaign.ResumeAsync(CancellationToken.None);
        for (var second = 0; second < 12; second++)
        {
            await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));
            foreach (var dial in bed.Carrier.Ledger.Skip(ended).ToList())
            {
                ended++;
                await bed.EndAsync(dial, CallOutcome.Completed);
            }
        }

        Assert.Equal(CampaignStatus.Running, await bed.Seed.StatusAsync());
        Assert.True(bed.Carrier.Ledger.Count > before + 10, "The resumed campaign does not dial.");
    }

    [PostgresFact]
    public async Task Correction_OfAResult_AppliesAmongResultsOnly()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 2, CallsPerMinute = 6 });
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));
        var (first, second) = ((await bed.Seed.ContactsAsync())[0].Id, (await bed.Seed.ContactsAsync())[1].Id);
        var right = new DispositionCorrection(ContactStatus.NoAnswer, "voicemail", "listened to the recording", "mira");

        Assert.Equal(ReportResult.Refused, await bed.Contact(first).CorrectAsync(right, CancellationToken.None));
        Assert.Equal(ReportResult.Refused, await bed.Contact(second).CorrectAsync(right, CancellationToken.None));
        Assert.Equal(ReportResult.NotFound, await bed.Contact(Guid.NewGuid()).CorrectAsync(right, CancellationToken.None));
        await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.Completed);
        Assert.Equal(ReportResult.Applied, await bed.Contact(first).CorrectAsync(right, CancellationToken.None));
        Assert.Equal(
            ReportResult.Refused, await bed.Contact(first).CorrectAsync(right with { Status = ContactStatus.Pending }, CancellationToken.None));
        Assert.Equal(
            ReportResult.Refused, await bed.Contact(first).CorrectAsync(right with { Status = ContactStatus.Cancelled }, CancellationToken.None));
        Assert.Equal(ReportResult.Refused, await bed.Contact(first).CorrectAsync(right with { By = " " }, CancellationToken.None));

        var contact = (await bed.Seed.ContactsAsync())[0];
        Assert.Equal((ContactStatus.NoAnswer, "voicemail", "listened to the recording"), (contact.Status, contact.Disposition, contact.Reason));
        Assert.Equal(CallOutcome.Completed, Assert.Single(await bed.Seed.SessionsAsync()).Outcome);
        Assert.Contains("CORRECTED listened to the recording", await bed.Seed.DecisionsAsync(first));
        Assert.Equal(ReportResult.Ignored, await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.Completed));
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Command_OnACampaignThatIsOver_IsRefusedWithBothStatusesNamed()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 1 });
        await bed.StopAsync(bed.Campaign.CancelAsync(CancellationToken.None));

        var paused = await bed.Campaign.PauseAsync("too late", CancellationToken.None);
        var again = await bed.StopAsync(bed.Campaign.CancelAsync(CancellationToken.None));

        Assert.Equal((CommandResultKind.Refused, CampaignStatus.Cancelled), (paused.Kind, paused.Status));
        Assert.Contains("CANCELLED", paused.Message, StringComparison.Ordinal);
        Assert.Contains("PAUSED", paused.Message, StringComparison.Ordinal);
        Assert.Equal(CommandResultKind.NoOp, again.Kind);
    }
}
