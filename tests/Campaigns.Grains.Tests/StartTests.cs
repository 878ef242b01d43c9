using Campaigns.Grains.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Grains.Tests;

/// <summary>Promise 7: the snapshot is frozen, do-not-call always counts.</summary>
public sealed class StartTests
{
    [PostgresFact]
    public async Task Start_WhenContactsChangeAfterwards_DialsTheFrozenAudience()
    {
        await using var bed = await GrainBed.StartAsync();
        var asha = await bed.Seed.PersonAsync("Asha", "+918000000001", "Pune");
        var ravi = await bed.Seed.PersonAsync("Ravi", "+918000000002", "Pune");
        var id = await bed.Seed.DraftAsync(new AudienceSpec { City = "pune" });
        var hold = bed.Tape.HoldBefore("CampaignStore.ClaimAsync");

        var started = await bed.CampaignOf(id).StartAsync(CancellationToken.None);
        await hold.ReachedAsync();
        await bed.Seed.PersonAsync("Mira", "+918000000003", "Pune");
        await bed.Seed.ExecuteAsync("UPDATE contacts SET phone = '+918000000009', time_zone = 'Mars/Olympus' WHERE id = $1", asha);
        await bed.Seed.ExecuteAsync("UPDATE contacts SET city = 'Delhi', name = 'Someone' WHERE id = $1", ravi);
        hold.Release();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal((CommandResultKind.Applied, CampaignStatus.Running, 2), (started.Kind, started.Status, started.Total));
        Assert.Equal(["+918000000001", "+918000000002"], bed.Carrier.Ledger.Select(d => d.Phone));
        Assert.Equal(2, (await bed.Seed.ContactsAsync(id)).Length);
        Assert.Equal(
            "Ravi", await bed.Seed.ScalarAsync<string>("SELECT context ->> 'name' FROM sessions WHERE campaign = $1 AND phone = '+918000000002'", id));
    }

    [PostgresFact]
    public async Task Start_WhenSentManyTimesAtOnce_FreezesOnceAndDialsOnce()
    {
        await using var bed = await GrainBed.StartAsync(silos: 2);
        await bed.Seed.PersonAsync("Asha", "+918100000001", "Goa");
        var id = await bed.Seed.DraftAsync(new AudienceSpec { City = "Goa" });

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => bed.CampaignOf(id).StartAsync(CancellationToken.None)));
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(3));

        Assert.Single(results, r => r.Kind == CommandResultKind.Applied);
        Assert.Equal(5, results.Count(r => r is { Kind: CommandResultKind.NoOp, Status: CampaignStatus.Running, Total: 1 }));
        Assert.Single(bed.Carrier.Ledger);
        Assert.Equal(1, bed.Tape.Calls.Count(c => c.Result is Stores.CampaignLease));
    }

    [PostgresFact]
    public async Task Start_WhenNobodyIsMeant_IsRefusedAndNothingIsDriven()
    {
        await using var bed = await GrainBed.StartAsync();
        var id = await bed.Seed.DraftAsync(new AudienceSpec { City = "Atlantis" });

        var result = await bed.CampaignOf(id).StartAsync(CancellationToken.None);

        Assert.Equal((CommandResultKind.Refused, CampaignStatus.Draft), (result.Kind, result.Status));
        Assert.Contains("audience is empty", result.Message, StringComparison.Ordinal);
        Assert.Equal(0, bed.Tape.Count("CampaignStore.TryAcquireLeaseAsync"));
        Assert.Equal(CommandResultKind.NotFound, (await bed.CampaignOf(Guid.NewGuid()).StartAsync(CancellationToken.None)).Kind);
    }

    [PostgresFact]
    public async Task Dial_WhenDoNotCallComesBeforeTheClaim_SkipsThePerson()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 2 });
        await DoNotCallAsync(bed, "+919000000001");

        await bed.DriveAsync();
        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal("+919000000002", Assert.Single(bed.Carrier.Ledger).Phone);
        var skipped = (await bed.Seed.ContactsAsync())[0];
        Assert.Equal((ContactStatus.Skipped, 0, "do_not_call"), (skipped.Status, skipped.Attempts, skipped.Reason));
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Dial_WhenDoNotCallComesBetweenClaimAndGate_SkipsThePerson()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 1 });
        var gate = bed.Tape.HoldBefore("ContactStore.OpenSessionAsync");
        await bed.DriveAsync();
        await gate.ReachedAsync();

        await DoNotCallAsync(bed, "+919000000001");
        gate.Release();
        await bed.Driver.SettleAsync();

        Assert.Empty(bed.Carrier.Ledger);
        Assert.Empty(await bed.Seed.SessionsAsync());
        var skipped = await bed.Seed.ContactAsync();
        Assert.Equal((ContactStatus.Skipped, 0, "do_not_call"), (skipped.Status, skipped.Attempts, skipped.Reason));
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
    }

    private static Task DoNotCallAsync(GrainBed bed, string phone)
        => bed.Seed.ExecuteAsync("INSERT INTO do_not_call (organization_id, phone) VALUES ($1, $2)", bed.Seed.OrganizationId, phone);
}
