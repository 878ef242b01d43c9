using System.Collections.Immutable;
using System.Text.Json;
using Campaigns.Calls;
using Campaigns.Stores;

namespace Campaigns.DomainTests.Prompts;

/// <summary>Calls to be prepared.</summary>
internal static class Briefs
{
    // A Wednesday, ten in the morning in India.
    internal static readonly DateTimeOffset Now = new(2026, 11, 18, 4, 30, 0, TimeSpan.Zero);

    internal static readonly AgentRecord Asha = new(
        new Guid("a0000000-0000-4000-8000-000000000001"),
        "Asha",
        "You are Asha, who calls on behalf of Sunrise General Insurance. You are warm, brief and exact.",
        "en-IN",
        "Kore",
        ImmutableDictionary<string, JsonElement>.Empty,
        Now);

    internal static readonly ImmutableArray<DispositionSpec> Results =
    [
        new DispositionSpec
        {
            Code = "interested",
            Description = "wants to renew",
            Fields =
            [
                new DispositionField { Name = "amount", Type = DispositionFieldType.Number, Required = true, Description = "premium they accept" },
                new DispositionField { Name = "pay_on", Type = DispositionFieldType.Date },
                new DispositionField { Name = "online", Type = DispositionFieldType.Boolean },
                new DispositionField { Name = "plan", Type = DispositionFieldType.Choice, Choices = ["Family Health", "Motor"] },
                new DispositionField { Name = "remark" },
            ],
        },
        new DispositionSpec { Code = "not_interested" },
        new DispositionSpec { Code = "wrong_number", Description = "somebody else's number." },
    ];

    /// <summary>A stranger calls.</summary>
    internal static CallBrief Inbound => new()
    {
        SessionId = new Guid("50000000-0000-4000-8000-000000000001"),
        Direction = CallDirection.Inbound,
        OrganizationId = new Guid("b0000000-0000-4000-8000-000000000001"),
        OrganizationName = "Sunrise",
        OrganizationTimeZone = "Asia/Kolkata",
        Agent = Asha,
        Phone = "+915555010103",
    };

    /// <summary>A campaign calls somebody it knows.</summary>
    internal static CallBrief Campaign => Inbound with
    {
        Direction = CallDirection.Outbound,
        CampaignId = new Guid("c0000000-0000-4000-8000-000000000001"),
        CampaignContactId = new Guid("cc000000-0000-4000-8000-000000000001"),
        ContactId = new Guid("d0000000-0000-4000-8000-000000000001"),
        ContactName = "Mr. Aarav Sharma",
        PreferredLanguage = "hi-IN",
        TimeZone = "Asia/Kolkata",
        Context = Context(
            ("name", "Mr. Aarav Sharma"), ("city", "Delhi"), ("preferred_language", "hi-IN"), ("plan", "Family Health"),
            ("renewal_date", "2026-11-24"), ("Claims last year", "0")),
        Objective = "Remind {{first_name}} that {{plan}} ends on {{ Renewal-Date }}.\r\nAsk whether they renew{{missing}}. {{Claims_Last_Year}} claims.",
        Dispositions = Results,
        Window = new CallingWindow(new(9, 0), new(20, 0)),
        Facts =
        [
            Fact("renewal_month", "March", 0.9, Now.AddDays(-30)),
            Fact("car", "blue hatchback", 0.7, Now.AddDays(-3)),
            Fact("kids", "two", 0.7, Now.AddDays(-9)),
            Fact("travelling", "until last week", 0.95, Now.AddDays(-20), new DateOnly(2026, 11, 17)),
            Fact("visits", "until today", 0.6, Now.AddDays(-20), new DateOnly(2026, 11, 18)),
        ],
        PastCalls =
        [
            new PastCall(Now.AddDays(-30), "Asked to be called in November.\nWas friendly."),
            new PastCall(Now.AddDays(-3), "Was driving."),
        ],
    };

    internal static ImmutableDictionary<string, string> Context(params (string Key, string Value)[] fields) =>
        fields.ToImmutableDictionary(f => f.Key, f => f.Value);

    internal static MemoryFact Fact(string key, string value, double confidence, DateTimeOffset learned, DateOnly? until = null) =>
        new(Guid.NewGuid(), key, value, confidence, null, null, learned, until);
}
