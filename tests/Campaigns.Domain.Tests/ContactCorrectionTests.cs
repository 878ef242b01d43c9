using Campaigns.Domain.Contacts;
using Campaigns.Grains;
using static Campaigns.DomainTests.Contacts;

namespace Campaigns.DomainTests;

public sealed class ContactCorrectionTests
{
    [Fact]
    public void OnCorrection_WhenAResultWasWrong_SetsTheRightOne()
    {
        var decision = Correct(ContactStatus.NoAnswer, new(ContactStatus.Completed, "interested", "she called back", "asha@example.org"));

        var change = Assert.IsType<ContactDecision.Apply>(decision).Change;
        Assert.Equal((ContactStatus.NoAnswer, ContactStatus.Completed), (change.From, change.To));
        Assert.Equal(("interested", "she called back", "asha@example.org"), (change.Disposition, change.Reason, change.By));
        Assert.Equal((DecisionKind.Corrected, null, null), (change.Decision, change.Session, change.DueAt));
    }

    [Fact]
    public void OnCorrection_WhenOnlyTheWordChanges_KeepsTheStatus()
    {
        Assert.IsType<ContactDecision.Apply>(Correct(ContactStatus.Completed, new(ContactStatus.Completed, "wrong person", null, "asha")));
        Assert.IsType<ContactDecision.Ignore>(Correct(ContactStatus.Completed, new(ContactStatus.Completed, " ", null, "asha")));
    }

    [Fact]
    public void OnCorrection_WhenAnyPair_RefusesWhatIsNoResultAndNamesBoth()
    {
        ContactStatus[] results = [ContactStatus.Completed, ContactStatus.NoAnswer, ContactStatus.Failed];
        foreach (var from in Enum.GetValues<ContactStatus>())
        {
            foreach (var to in Enum.GetValues<ContactStatus>())
            {
                var decision = Correct(from, new(to, "word", null, "asha"));
                if (results.Contains(from) && results.Contains(to))
                {
                    Assert.IsType<ContactDecision.Apply>(decision);
                }
                else
                {
                    var why = Assert.IsType<ContactDecision.Refuse>(decision).Why;
                    Assert.Contains($"is {from.ToText()} cannot become {to.ToText()}", why, StringComparison.Ordinal);
                }
            }
        }
    }

    [Theory]
    [InlineData(2_001, 1, "asha")]
    [InlineData(1, 201, "asha")]
    [InlineData(1, 1, " ")]
    public void OnCorrection_WhenATextIsTooLongOrNobodySignsIt_IsRefused(int note, int disposition, string by) =>
        Assert.IsType<ContactDecision.Refuse>(
            Correct(ContactStatus.Failed, new(ContactStatus.Completed, new string('d', disposition), new string('n', note), by)));

    [Fact]
    public void OnCorrection_WhenATextCannotBeStored_IsRefused() =>
        Assert.IsType<ContactDecision.Refuse>(Correct(ContactStatus.Failed, new(ContactStatus.Completed, null, "a\0b", "asha")));

    private static ContactDecision Correct(ContactStatus from, DispositionCorrection correction) =>
        ContactLifecycle.OnCorrection(Over(from, CallOutcome.NoAnswer), correction, Now);
}
