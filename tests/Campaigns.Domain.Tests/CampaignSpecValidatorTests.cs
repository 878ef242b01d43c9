using System.Collections.Immutable;
using Campaigns.Domain.Validation;

namespace Campaigns.DomainTests;

public sealed class CampaignSpecValidatorTests
{
    private static readonly CampaignSpec Good = new()
    {
        Name = "Spring",
        AgentId = new Guid("a0000000-0000-4000-8000-000000000001"),
        Audience = new AudienceSpec { City = "Pune" },
    };

    [Fact]
    public void Validate_WhenAllIsWell_FindsNothing()
    {
        Assert.Empty(CampaignSpecValidator.Validate(Good));
        Assert.Empty(CampaignSpecValidator.Validate(Good with
        {
            Name = new string('n', 200),
            Instructions = new string('i', 8_000),
            MaxConcurrent = 10_000,
            CallsPerMinute = 60_000,
            AttemptsPerDay = 50,
            Weight = 100,
            StartAt = new DateTimeOffset(2026, 3, 2, 6, 0, 0, TimeSpan.Zero),
            CallingWindow = new CallingWindow(new(22, 0), new(2, 0)) { Days = [DayOfWeek.Monday] },
        }));
        Assert.Empty(CampaignSpecValidator.Validate(Good with
        {
            Instructions = "Ask {{ First Name }} about {{renewal_date}}.",
            Voice = new VoicePolicy { Machine = MachinePolicy.LeaveMessage, MachineMessage = "Hello {{name}}.", ScreenerMessage = "For {{name}}." },
            Dispositions =
            [
                new DispositionSpec { Code = "interested", Fields = [new DispositionField { Name = "amount", Type = DispositionFieldType.Number }] },
                new DispositionSpec { Code = "later_2", Fields = [Choice("car", "house")] },
                new DispositionSpec { Code = "no", Fields = default },
            ],
        }));
        Assert.Empty(CampaignSpecValidator.Validate(Good with { Dispositions = default }));
    }

    public static TheoryData<string, CampaignSpec> Wrong => new()
    {
        { "name", Good with { Name = " " } },
        { "name", Good with { Name = null! } },
        { "name", Good with { Name = new string('n', 201) } },
        { "name", Good with { Name = "a\0b" } },
        { "name", Good with { Name = "a\uD800" } },
        { "agentId", Good with { AgentId = Guid.Empty } },
        { "channel", Good with { Channel = (Channel)99 } },
        { "instructions", Good with { Instructions = null! } },
        { "instructions", Good with { Instructions = new string('i', 8_001) } },
        { "audience", Good with { Audience = null! } },
        { "audience", Good with { Audience = new AudienceSpec { Search = " ", PhoneNumbers = [""] } } },
        { "audience.contactIds", Good with { Audience = new AudienceSpec { ContactIds = [.. new Guid[100_001]] } } },
        { "audience.phoneNumbers", Good with { Audience = new AudienceSpec { PhoneNumbers = [.. Enumerable.Repeat("1", 100_001)] } } },
        { "audience.phoneNumbers[1]", Good with { Audience = new AudienceSpec { PhoneNumbers = ["1", new string('1', 201)] } } },
        { "audience.phoneNumbers[0]", Good with { Audience = new AudienceSpec { PhoneNumbers = [null!, "1"] } } },
        { "audience.city", Good with { Audience = new AudienceSpec { City = new string('c', 201) } } },
        { "audience.search", Good with { Audience = new AudienceSpec { Search = "a\0" } } },
        { "maxConcurrent", Good with { MaxConcurrent = 0 } },
        { "maxConcurrent", Good with { MaxConcurrent = 10_001 } },
        { "callsPerMinute", Good with { CallsPerMinute = -1 } },
        { "callsPerMinute", Good with { CallsPerMinute = 60_001 } },
        { "weight", Good with { Weight = 0 } },
        { "weight", Good with { Weight = 101 } },
        { "startAt", Good with { StartAt = DateTimeOffset.MinValue } },
        { "startAt", Good with { StartAt = DateTimeOffset.MaxValue } },
        { "startAt", Good with { StartAt = new DateTimeOffset(2027, 4, 1, 0, 0, 0, TimeSpan.Zero) } },
        { "callingWindow.from", Good with { CallingWindow = new CallingWindow(new(9, 0, 30), new(18, 0)) } },
        { "callingWindow.to", Good with { CallingWindow = new CallingWindow(new(9, 0), new(18, 0, 30)) } },
        { "callingWindow.days", Good with { CallingWindow = new CallingWindow(new(9, 0), new(18, 0)) { Days = [(DayOfWeek)7] } } },
        { "callingWindow.days", Good with { CallingWindow = new CallingWindow(new(9, 0), new(18, 0)) { Days = [DayOfWeek.Monday, DayOfWeek.Monday] } } },
        { "retry", Good with { Retry = null! } },
        { "retry.NO_ANSWER.maxAttempts", Retry(CallOutcome.NoAnswer, new RetryRule(0, [])) },
        { "retry.NO_ANSWER.maxAttempts", Retry(CallOutcome.NoAnswer, new RetryRule(21, default)) },
        { "retry.BUSY.backoff[1]", Retry(CallOutcome.Busy, new RetryRule(2, [TimeSpan.Zero, TimeSpan.FromDays(30.1)])) },
        { "retry.BUSY.backoff[0]", Retry(CallOutcome.Busy, new RetryRule(2, [TimeSpan.FromTicks(-1)])) },
        { "retry.BUSY.backoff", Retry(CallOutcome.Busy, new RetryRule(2, [.. new TimeSpan[21]])) },
        { "retry.UNKNOWN", Retry(CallOutcome.Unknown, new RetryRule(2, [])) },
        { "retry.COMPLETED", Retry(CallOutcome.Completed, new RetryRule(2, [])) },
        { "retry.99", Retry((CallOutcome)99, new RetryRule(2, [])) },
        { "retry.BUSY", Retry(CallOutcome.Busy, null!) },
        { "attemptsPerDay", Good with { AttemptsPerDay = 0 } },
        { "attemptsPerDay", Good with { AttemptsPerDay = 51 } },
        { "instructions", Good with { Instructions = "Hello {{name" } },
        { "voice", Good with { Voice = null! } },
        { "voice.helloPatience", Voice(new VoicePolicy { HelloPatience = TimeSpan.FromSeconds(-1) }) },
        { "voice.helloPatience", Voice(new VoicePolicy { HelloPatience = TimeSpan.FromSeconds(31) }) },
        { "voice.machine", Voice(new VoicePolicy { Machine = (MachinePolicy)9 }) },
        { "voice.screener", Voice(new VoicePolicy { Screener = (ScreenerPolicy)9 }) },
        { "voice.machineMessage", Voice(new VoicePolicy { Machine = MachinePolicy.LeaveMessage }) },
        { "voice.machineMessage", Voice(new VoicePolicy { Machine = MachinePolicy.LeaveMessage, MachineMessage = " " }) },
        { "voice.machineMessage", Voice(new VoicePolicy { MachineMessage = new string('m', 1_001) }) },
        { "voice.machineMessage", Voice(new VoicePolicy { MachineMessage = "{{ }}" }) },
        { "voice.screenerMessage", Voice(new VoicePolicy { ScreenerMessage = new string('m', 501) }) },
        { "voice.screenerMessage", Voice(new VoicePolicy { ScreenerMessage = "a\0" }) },
        { "voice.longestCall", Voice(new VoicePolicy { LongestCall = TimeSpan.FromSeconds(29) }) },
        { "voice.longestCall", Voice(new VoicePolicy { LongestCall = TimeSpan.FromMinutes(56) }) },
        { "voice.silenceTimeout", Voice(new VoicePolicy { SilenceTimeout = TimeSpan.FromSeconds(4) }) },
        { "voice.silenceTimeout", Voice(new VoicePolicy { SilenceTimeout = TimeSpan.FromMinutes(6) }) },
        { "dispositions", Good with { Dispositions = [.. Enumerable.Range(0, 51).Select(i => new DispositionSpec { Code = $"c{i}" })] } },
        { "dispositions[1]", Good with { Dispositions = [new DispositionSpec { Code = "a" }, null!] } },
        { "dispositions[0].code", Good with { Dispositions = [new DispositionSpec { Code = null! }] } },
        { "dispositions[0].code", Good with { Dispositions = [new DispositionSpec { Code = "" }] } },
        { "dispositions[0].code", Good with { Dispositions = [new DispositionSpec { Code = "Interested" }] } },
        { "dispositions[0].code", Good with { Dispositions = [new DispositionSpec { Code = "_" }] } },
        { "dispositions[0].code", Good with { Dispositions = [new DispositionSpec { Code = new string('c', 61) }] } },
        { "dispositions[1].code", Good with { Dispositions = [new DispositionSpec { Code = "a" }, new DispositionSpec { Code = "a" }] } },
        { "dispositions[0].description", Good with { Dispositions = [new DispositionSpec { Code = "a", Description = null! }] } },
        { "dispositions[0].description", Good with { Dispositions = [new DispositionSpec { Code = "a", Description = new string('d', 301) }] } },
        { "dispositions[0].fields[0]", Fields([null!]) },
        { "dispositions[0].fields", Fields([.. Enumerable.Range(0, 51).Select(i => new DispositionField { Name = $"f{i}" })]) },
        { "dispositions[0].fields[0].name", Fields(new DispositionField { Name = "Amount due" }) },
        { "dispositions[0].fields[0].name", Fields(new DispositionField { Name = null! }) },
        { "dispositions[0].fields[1].name", Fields(new DispositionField { Name = "a" }, new DispositionField { Name = "a" }) },
        { "dispositions[0].fields[0].type", Fields(new DispositionField { Name = "a", Type = (DispositionFieldType)9 }) },
        { "dispositions[0].fields[0].description", Fields(new DispositionField { Name = "a", Description = null! }) },
        { "dispositions[0].fields[0].choices", Fields(new DispositionField { Name = "a", Choices = ["x"] }) },
        { "dispositions[0].fields[0].choices", Fields(Choice()) },
        { "dispositions[0].fields[0].choices", Fields(Choice("red", "Red ")) },
        { "dispositions[0].fields[0].choices[1]", Fields(Choice("red", " ")) },
        { "dispositions[0].fields[0].choices[0]", Fields(Choice(null!, "red")) },
        { "dispositions[0].fields[0].choices[0]", Fields(Choice(new string('c', 61))) },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Validate_WhenOneThingIsWrong_NamesExactlyThat(string path, CampaignSpec spec)
    {
        var error = Assert.Single(CampaignSpecValidator.Validate(spec, new DateTimeOffset(2026, 3, 2, 6, 0, 0, TimeSpan.Zero)));

        Assert.Equal(path, error.Path);
        Assert.NotEqual("", error.Message);
    }

    [Fact]
    public void Validate_WhenSeveralThingsAreWrong_NamesThemAll()
    {
        var spec = Good with { Name = "", MaxConcurrent = 0, CallsPerMinute = 0, AttemptsPerDay = 0, Audience = new AudienceSpec() };

        Assert.Equal(
            ["name", "audience", "maxConcurrent", "callsPerMinute", "attemptsPerDay"], CampaignSpecValidator.Validate(spec).Select(e => e.Path));
    }

    [Fact]
    public void Validate_WhenFieldsAreKnown_NamesUnknownOnesTheirPlaceAndTheNearest()
    {
        var spec = Good with
        {
            Instructions = "Hello {{name}}, about {{Renewal Date}} and {{renewal_dat}}.",
            Voice = new VoicePolicy { MachineMessage = "{{nmae}}", ScreenerMessage = "{{zzzzzzzzz}}" },
        };

        var errors = CampaignSpecValidator.Validate(spec, knownFields: ["renewal_date"]);

        Assert.Equal(
            [
                ("instructions", "there is no field {{renewal_dat}}; did you mean {{renewal_date}}? (at character 44)"),
                ("voice.machineMessage", "there is no field {{nmae}}; did you mean {{name}}? (at character 1)"),
                ("voice.screenerMessage", "there is no field {{zzzzzzzzz}} (at character 1)"),
            ],
            errors.Select(e => (e.Path, e.Message)));
        Assert.Empty(CampaignSpecValidator.Validate(spec));
    }

    [Fact]
    public void ValidateStart_WhenTheChannelIsAnother_SaysSo()
    {
        Assert.Empty(CampaignSpecValidator.ValidateStart(Good));
        var error = Assert.Single(CampaignSpecValidator.ValidateStart(Good with { Channel = Channel.Sms }));
        Assert.Equal(("channel", "SMS campaigns cannot be started: only VOICE_REALTIME can"), (error.Path, error.Message));
    }

    private static CampaignSpec Retry(CallOutcome outcome, RetryRule rule) =>
        Good with { Retry = new RetryPolicy { Rules = ImmutableDictionary<CallOutcome, RetryRule>.Empty.Add(outcome, rule) } };

    private static CampaignSpec Voice(VoicePolicy voice) => Good with { Voice = voice };

    private static CampaignSpec Fields(params DispositionField[] fields) =>
        Good with { Dispositions = [new DispositionSpec { Code = "a", Fields = [.. fields] }] };

    private static DispositionField Choice(params string[] choices) =>
        new() { Name = "kind", Type = DispositionFieldType.Choice, Choices = [.. choices] };
}
