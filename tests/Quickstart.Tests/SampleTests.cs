using System.Text.Json.Nodes;
using Campaigns;
using Campaigns.Domain.Pacing;
using Campaigns.Domain.Phones;
using Campaigns.Domain.Validation;
using Campaigns.Postgres;
using Campaigns.Stores;
using CarrierSimulator;
using Quickstart.Judge;
using Quickstart.Operate;
using Quickstart.Options;

namespace Quickstart.Tests;

/// <summary>The sample's people and campaign show what they are meant to show.</summary>
public sealed class SampleTests
{
    private static readonly QuickstartOptions Sample = new();

    [Fact]
    public void Contacts_AreSixtyPeopleWithOneRepeatAndOneBrokenNumber()
    {
        var numbers = Numbers().ToList();
        var good = numbers.OfType<PhoneResult.Valid>().Select(v => v.E164).ToList();

        Assert.Equal(62, numbers.Count);
        Assert.IsType<PhoneResult.Invalid>(Assert.Single(numbers, n => n is not PhoneResult.Valid));
        Assert.Equal(61, good.Count);
        Assert.Equal(60, good.Distinct().Count());
    }

    /// <summary>No operator in India gives out mobile numbers that begin with 5: the file can call nobody, whatever account it meets.</summary>
    [Fact]
    public void Contacts_HaveNumbersThatNobodyHas() =>
        Assert.All(Numbers().OfType<PhoneResult.Valid>(), n => Assert.StartsWith("+9155550", n.E164, StringComparison.Ordinal));

    [Fact]
    public void Contacts_MeetEveryFateOfTheCarrier()
    {
        var met = People().Select(n => Fates.For(n).Name).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Fates.Rows.Select(r => r.Name).Except(met, StringComparer.Ordinal));
    }

    /// <summary>Everybody in the table answers, but for the one whom load tests call; and most are people who say yes or no.</summary>
    [Fact]
    public void Contacts_MeetEveryPersonOfTheCarrier()
    {
        var answered = People().Where(n => Fates.For(n).Dial(9).Outcome == DialOutcome.Completed && !Blocked().Contains(n));
        var met = answered.Select(n => CarrierSimulator.People.RowFor(n).Name).ToList();

        Assert.Empty(CarrierSimulator.People.Rows.Select(r => r.Name).Except([.. met, "talker"], StringComparer.Ordinal));
        Assert.True(met.Count(n => n is "polite" or "brief") > met.Count / 2, string.Join(", ", met));
    }

    [Fact]
    public void Contacts_IncludeSomebodyOnDoNotCall() => Assert.Contains(Assert.Single(Blocked()), People());

    /// <summary>Even if all calls ended at once, in the order of the file, no stretch of twenty holds half failures.</summary>
    [Fact]
    public void Contacts_DoNotTripTheCircuitBreaker()
    {
        var outcomes = People().SelectMany(Outcomes).Select(o => new AttemptOutcome(Guid.NewGuid(), o, DateTimeOffset.UnixEpoch)).ToList();
        var rules = new CircuitBreakerRules();

        Assert.All(
            Enumerable.Range(1, outcomes.Count),
            count => Assert.Null(CircuitBreaker.Judge([.. outcomes.Take(count).Reverse().Take(rules.Window)], rules)));
    }

    [Fact]
    public void Campaign_IsOneThatTheApiTakes()
    {
        var body = CampaignFile.Read(Sample);
        body["agentId"] = Guid.NewGuid();
        body["audience"] = new JsonObject { ["contactIds"] = new JsonArray(JsonValue.Create(Guid.NewGuid())) };

        var spec = CampaignSpecJson.Read(body.ToJsonString());

        Assert.Empty(CampaignSpecValidator.Validate(spec));
        Assert.Contains("{{plan}}", spec.Instructions, StringComparison.Ordinal);
        Assert.Contains("{{renewal_date}}", spec.Instructions, StringComparison.Ordinal);
        Assert.Contains(spec.Dispositions, d => d.Fields.Any(f => f.Type != DispositionFieldType.Text));
        Assert.True(spec.CallsPerMinute <= 200, "the carrier's limit");
    }

    [Fact]
    public void Campaign_TakesTheCommandLinesPace()
    {
        var body = CampaignFile.Read(Sample with { MaxConcurrent = 3, CallsPerMinute = 44 });

        Assert.Equal(3, (int)body["maxConcurrent"]!);
        Assert.Equal(44, (int)body["callsPerMinute"]!);
        Assert.NotEqual(CampaignFile.Fingerprint(Sample), CampaignFile.Fingerprint(Sample with { MaxConcurrent = 3 }));
    }

    private static IEnumerable<string> People() => Numbers().OfType<PhoneResult.Valid>().Select(v => v.E164).Distinct();

    // The sample quotes no field, so a comma is a comma.
    private static IEnumerable<PhoneResult> Numbers() =>
        File.ReadLines(Sample.Contacts).Skip(1).Select(line => PhoneNumbers.Normalize(line.Split(',')[1], "91"));

    private static IEnumerable<CallOutcome> Outcomes(string number)
    {
        var body = CampaignFile.Read(Sample);
        body["agentId"] = Guid.Empty;
        body["audience"] = new JsonObject();
        var spec = CampaignSpecJson.Read(body.ToJsonString());
        var campaign = new CampaignView(Guid.Empty, CampaignStatus.Running, spec.Name, spec.Retry, spec.Voice, spec.Dispositions, 60, null);
        var promise = Promise.For(number, campaign);
        return Enumerable.Repeat(promise.Outcome!.Value, promise.Attempts);
    }

    private static List<string> Blocked() => [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "do-not-call.txt"))
        .Where(l => l.Length > 0 && l[0] != '#')
        .Select(l => Assert.IsType<PhoneResult.Valid>(PhoneNumbers.Normalize(l, "91")).E164)];
}
