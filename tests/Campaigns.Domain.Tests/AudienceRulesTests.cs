using Campaigns.Domain.Audience;

namespace Campaigns.DomainTests;

public sealed class AudienceRulesTests
{
    private static readonly Guid A = new("a0000000-0000-4000-8000-000000000001");
    private static readonly Guid B = new("b0000000-0000-4000-8000-000000000001");

    [Fact]
    public void Resolve_WhenIdsAreGiven_TheyWinInTheirOrderOnceEach()
    {
        var spec = new AudienceSpec { ContactIds = [B, A, B], PhoneNumbers = ["9876543210"], City = "Pune" };

        Assert.Equal<Guid>([B, A], Assert.IsType<ResolvedAudience.ByIds>(AudienceRules.Resolve(spec, "91")).Ids);
    }

    [Fact]
    public void Resolve_WhenNumbersArePasted_NormalisesThemAndTellsWhatItRefused()
    {
        var spec = new AudienceSpec { PhoneNumbers = ["98765 43210", "", "9.19E+11", "+919876543210", "+14155550123"], City = "Pune" };

        var phones = Assert.IsType<ResolvedAudience.ByPhones>(AudienceRules.Resolve(spec, "91"));

        Assert.Equal<string>(["+919876543210", "+14155550123"], phones.Phones);
        var rejected = Assert.Single(phones.Rejected);
        Assert.Equal((2, "9.19E+11"), (rejected.Position, rejected.Text));
        Assert.Contains("exponent", rejected.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_WhenEveryNumberIsRefused_DoesNotFallThroughToTheFilter()
    {
        var phones = Assert.IsType<ResolvedAudience.ByPhones>(
            AudienceRules.Resolve(new AudienceSpec { PhoneNumbers = ["12"], City = "Pune" }, "91"));

        Assert.Empty(phones.Phones);
        Assert.Single(phones.Rejected);
    }

    [Fact]
    public void Resolve_WhenOnlyAFilterIsSet_IsTheFilterTrimmed() =>
        Assert.Equal(
            new ResolvedAudience.ByFilter(new AudienceFilter(null, "Pune", null, null, null, null)),
            AudienceRules.Resolve(new AudienceSpec { PhoneNumbers = [" ", ""], City = " Pune ", Search = " " }, "91"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Resolve_WhenOnlyConsentIsSet_IsAFilter(bool consent) =>
        Assert.Equal(
            consent,
            Assert.IsType<ResolvedAudience.ByFilter>(AudienceRules.Resolve(new AudienceSpec { MarketingConsent = consent }, "91"))
                .Filter.MarketingConsent);

    [Fact]
    public void Resolve_WhenNothingIsSet_IsEmptyAndNeverEverybody()
    {
        Assert.IsType<ResolvedAudience.Empty>(AudienceRules.Resolve(new AudienceSpec(), "91"));
        Assert.IsType<ResolvedAudience.Empty>(
            AudienceRules.Resolve(new AudienceSpec { ContactIds = default, PhoneNumbers = default, Status = " ", Search = "" }, "91"));
    }

    [Fact]
    public void Resolve_WhenAnyNumbers_LosesNone()
    {
        Law.Holds(dice =>
        {
            string[] texts = ["9876543210", "09876543210", "+14155550123", "", " ", "12", "9.19E+11", "9876543211"];
            var pasted = Enumerable.Range(0, dice.Int(0, 10)).Select(_ => dice.Of(texts)).ToList();
            var resolved = AudienceRules.Resolve(new AudienceSpec { PhoneNumbers = [.. pasted] }, "91");
            if (resolved is ResolvedAudience.ByPhones phones)
            {
                var refused = pasted.Select((t, i) => (t, i)).Where(p => p.t is "12" or "9.19E+11").Select(p => p.i);
                Assert.Equal(refused, phones.Rejected.Select(r => r.Position));
                Assert.Equal(phones.Phones.Distinct(), phones.Phones);
                Assert.Equal(
                    pasted.Where(t => t.Length > 7 && t != "9.19E+11").Select(Domain.Phones.PhoneNumbers.LastTen).Distinct(),
                    phones.Phones.Select(Domain.Phones.PhoneNumbers.LastTen));
            }
            else
            {
                Assert.True(pasted.TrueForAll(string.IsNullOrWhiteSpace), "Numbers were lost.");
            }
        });
    }
}
