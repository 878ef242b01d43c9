using System.Text;
using Campaigns.Domain.Phones;

namespace Campaigns.DomainTests;

public sealed class PhoneNumbersTests
{
    [Theory]
    [InlineData("9876543210", "+919876543210")]
    [InlineData("98765 43210", "+919876543210")]
    [InlineData("98765-43210", "+919876543210")]
    [InlineData("98765.43210", "+919876543210")]
    [InlineData("(98765) 43210", "+919876543210")]
    [InlineData("09876543210", "+919876543210")]
    [InlineData("919876543210", "+919876543210")]
    [InlineData("+919876543210", "+919876543210")]
    [InlineData("+91 98765 43210", "+919876543210")]
    [InlineData("+91-98765-43210", "+919876543210")]
    [InlineData("+91 09876543210", "+919876543210")]
    [InlineData("+91 (0) 98765 43210", "+919876543210")]
    [InlineData("0091 98765 43210", "+919876543210")]
    [InlineData("tel:+91-98765-43210", "+919876543210")]
    [InlineData("TEL: 9876543210", "+919876543210")]
    [InlineData("'9876543210", "+919876543210")]
    [InlineData(" 9876543210\t", "+919876543210")]
    [InlineData("9876543210.0", "+919876543210")]
    [InlineData("919876543210.0", "+919876543210")]
    [InlineData("९८७६५४३२१०", "+919876543210")]
    [InlineData("９８７６５ ４３２１０", "+919876543210")]
    [InlineData("٩٨٧٦٥٤٣٢١٠", "+919876543210")]
    [InlineData("𝟗𝟖𝟕𝟔𝟓𝟒𝟑𝟐𝟏𝟎", "+919876543210")]
    [InlineData("+91\u00A098765\u201143210", "+919876543210")]
    [InlineData("\u202A+919876543210\u202C", "+919876543210")]
    [InlineData("\uFF0B919876543210", "+919876543210")]
    [InlineData("9123456789", "+919123456789")]
    [InlineData("1123456789", "+911123456789")]
    [InlineData("+1 (415) 555-0123", "+14155550123")]
    [InlineData("+44 (0) 20 7946 0018", "+442079460018")]
    [InlineData("0044 20 7946 0018", "+442079460018")]
    [InlineData("+65 8123 4567", "+6581234567")]
    [InlineData("+39 06 1234567", "+39061234567")]
    [InlineData("+971 50 123 4567", "+971501234567")]
    public void Normalize_WhenItIsClearlyOneNumber_IsE164(string text, string expected) =>
        Assert.Equal(new PhoneResult.Valid(expected), PhoneNumbers.Normalize(text, "91"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \t")]
    [InlineData("\u200B\uFEFF")]
    [InlineData("'")]
    public void Normalize_WhenThereIsNothing_IsEmpty(string? text) => Assert.IsType<PhoneResult.Empty>(PhoneNumbers.Normalize(text, "91"));

    [Theory]
    [InlineData("9876543210 ext 12", "extension")]
    [InlineData("98765 43210 x12", "extension")]
    [InlineData("9876543210#12", "extension")]
    [InlineData("tel:+919876543210;ext=12", "extension")]
    [InlineData("9.19E+11", "exponent")]
    [InlineData("9,19876543E+11", "exponent")]
    [InlineData("9876543210/9876543211", "two numbers")]
    [InlineData("9876543210, 9876543211", "two numbers")]
    [InlineData("9876543210\n9876543211", "two numbers")]
    [InlineData("+919876543210 +919876543211", "two numbers")]
    [InlineData("9876543210 or 9876543211", "letters")]
    [InlineData("9876543210 9876543211", "too long")]
    [InlineData("98765O3210", "letters")]
    [InlineData("नौ आठ", "letters")]
    [InlineData("call me", "letters")]
    [InlineData("987654321.0", "too short")]
    [InlineData("9876543210.5", "fraction")]
    [InlineData("987654321", "too short")]
    [InlineData("98765432101", "too long")]
    [InlineData("14155550123", "needs its + and country code")]
    [InlineData("442079460018", "needs its + and country code")]
    [InlineData("0919876543210", "too long")]
    [InlineData("0000000000", "no country code")]
    [InlineData("+91 98765", "too short")]
    [InlineData("+9876543210", "too short")]
    [InlineData("+8912345678", "no country code")]
    [InlineData("+0919876543210", "no country code")]
    [InlineData("+", "no country code")]
    [InlineData("100", "too short")]
    [InlineData("*121#", "no part of a number")]
    [InlineData("98765\uFFFD43210", "encoding")]
    [InlineData("98765\u000143210", "no part of a number")]
    [InlineData("=9876543210", "no part of a number: =")]
    public void Normalize_WhenItIsNotClearlyOneNumber_SaysWhy(string text, string reason) =>
        Assert.Contains(
            reason, Assert.IsType<PhoneResult.Invalid>(PhoneNumbers.Normalize(text, "91")).Reason, StringComparison.Ordinal);

    [Fact]
    public void Normalize_WhenTheTextIsEndless_IsInvalid() =>
        Assert.IsType<PhoneResult.Invalid>(PhoneNumbers.Normalize(new string('9', 100_000), "91"));

    [Fact]
    public void Normalize_WhenTheTextHasHalfACharacter_IsInvalid() =>
        Assert.IsType<PhoneResult.Invalid>(PhoneNumbers.Normalize("98765\uD83543210", "91"));

    [Theory]
    [InlineData("1", "(415) 555-0123", "+14155550123")]
    [InlineData("1", "1-415-555-0123", "+14155550123")]
    [InlineData("49", "030 123456", "+4930123456")]
    [InlineData("39", "06 1234567", "+39061234567")]
    [InlineData("65", "8123 4567", "+6581234567")]
    public void Normalize_WhenTheOrganizationIsElsewhere_UsesItsRules(string region, string text, string expected) =>
        Assert.Equal(new PhoneResult.Valid(expected), PhoneNumbers.Normalize(text, region));

    [Fact]
    public void Normalize_WhenANumberCanBeReadTwoWays_IsInvalid() =>
        Assert.Contains(
            "with and without", Assert.IsType<PhoneResult.Invalid>(PhoneNumbers.Normalize("4930123456", "49")).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("+91")]
    [InlineData("9198")]
    public void Normalize_WhenTheRegionIsNone_Throws(string region) =>
        Assert.Throws<ArgumentException>(() => PhoneNumbers.Normalize("9876543210", region));

    [Theory]
    [InlineData("+919876543210", "9876543210")]
    [InlineData("09876543210", "9876543210")]
    [InlineData("+2904123", "2904123")]
    [InlineData("", "")]
    public void LastTen_WhenAnyNotation_IsTheKey(string text, string expected) => Assert.Equal(expected, PhoneNumbers.LastTen(text));

    [Fact]
    public void Normalize_WhenOneNumberIsWrittenInAnyWay_IsThatNumber()
    {
        Law.Holds(
            dice =>
            {
                var national = $"{dice.Int(1, 9)}" + string.Concat(Enumerable.Range(0, 9).Select(_ => dice.Int(0, 9)));
                var written = dice.Of("", "0", "91", "+91", "0091", "+91 0", "+91(0)", "tel:+91", "'", "'+91") + Spaced(national, dice);
                written = dice.Of(written, $" {written} ", $"\u200E{written}", Devanagari(written));

                Assert.Equal(new PhoneResult.Valid("+91" + national), PhoneNumbers.Normalize(written, "91"));
                Assert.Equal(national, PhoneNumbers.LastTen("+91" + national));
            },
            cases: 1_000);
    }

    [Fact]
    public void Normalize_WhenAnyText_NeverMakesUpANumber()
    {
        const string Alphabet = "0123456789098765432100000919 +-.()/,xeE'\u0967\u00A0";
        Law.Holds(
            dice =>
            {
                var text = string.Concat(Enumerable.Range(0, dice.Int(0, 18)).Select(_ => Alphabet[dice.Int(0, Alphabet.Length - 1)]));
                var region = dice.Of("91", "1", "49", "39", "65");
                if (PhoneNumbers.Normalize(text, region) is not PhoneResult.Valid valid)
                {
                    return;
                }

                Assert.Matches(@"^\+[1-9][0-9]{6,14}$", valid.E164);
                Assert.Equal(valid, PhoneNumbers.Normalize(valid.E164, region));

                // Every digit that is dialled was written, in that order, save the organization's own country code.
                var digits = text.Replace('\u0967', '1').Replace("(0)", "", StringComparison.Ordinal);
                digits = string.Concat(digits.Where(char.IsAsciiDigit));
                var dialled = valid.E164[1..];
                var bare = dialled.StartsWith(region, StringComparison.Ordinal) ? dialled[region.Length..] : dialled;
                Assert.True(
                    digits.EndsWith(dialled, StringComparison.Ordinal) || digits.TrimEnd('0').EndsWith(bare.TrimEnd('0'), StringComparison.Ordinal),
                    $"{text} → {valid.E164}");
            },
            cases: 5_000,
            throws: 22);
    }

    private static string Spaced(string digits, Dice dice)
    {
        var separator = dice.Of("", " ", "-", ".", "\u00A0", "\u2013");
        var text = new StringBuilder();
        for (var i = 0; i < digits.Length; i++)
        {
            text.Append(i is > 1 and < 9 && dice.Int(0, 4) == 0 ? separator : "").Append(digits[i]);
        }

        return text.ToString();
    }

    private static string Devanagari(string text) =>
        string.Concat(text.Select(c => char.IsAsciiDigit(c) ? (char)('\u0966' + (c - '0')) : c));
}
