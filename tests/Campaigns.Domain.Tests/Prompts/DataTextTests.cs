using Campaigns.Domain.Prompts;

namespace Campaigns.DomainTests.Prompts;

public sealed class DataTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("  a \t b\r\n c ", "a b c")]
    [InlineData("<b>5</b> {x} [y] «z»", "(b)5(/b) (x) (y) (z)")]
    [InlineData("say \"hi\" `now` “then”", "say 'hi' 'now' 'then'")]
    [InlineData("नमस्ते क्‍ष ज़", "नमस्ते क्‍ष ज़")]
    [InlineData("a\u200Db\u200Cc", "abc")]
    [InlineData("o\u0301\u0302\u0303\u0304\u0305\u0306x", "o\u0301\u0302\u0303\u0304x")]
    [InlineData("tag\U000E0041\U000E0042 vs\uFE0F", "tag vs")]
    [InlineData("\u3164\u2800\u115F", "")]
    [InlineData("50% of ₹5,000 #12 a/b", "50% of ₹5,000 #12 a/b")]
    public void Clean_LeavesOneHarmlessLine(string? text, string expected) => Assert.Equal(expected, DataText.Clean(text, 100));

    [Fact]
    public void Clean_WhenTooLong_CutsBetweenCharacters()
    {
        Assert.Equal("ab…", DataText.Clean("abcd", 3));
        Assert.Equal("abcd", DataText.Clean("abcd", 4));
        Assert.Equal("a…", DataText.Clean("a😀bc", 3));
        Assert.Equal("…", DataText.Clean("abc", 1));
    }

    [Fact]
    public void Clean_OfAnything_IsBoundedAndCleanAlready()
    {
        Law.Holds(
            dice =>
            {
                var text = string.Concat(Enumerable.Range(0, dice.Int(0, 50)).Select(_ => (char)dice.Int(0, 0xFFFF)));
                var longest = dice.Int(1, 40);

                var clean = DataText.Clean(text, longest);

                Assert.True(clean.Length <= longest);
                Assert.Equal(clean, DataText.Clean(clean, longest));
                Assert.DoesNotContain(clean, c => char.IsControl(c) || c is '<' or '>' or '{' or '}' or '[' or ']' or '«' or '»' or '"' or '\u2028' or '\u2029');
            },
            cases: 2_000);
    }
}
