using Campaigns.Domain.Contacts;

namespace Campaigns.DomainTests;

public sealed class ContactMachineTests
{
    private static readonly ContactStatus[] All = Enum.GetValues<ContactStatus>();

    private static readonly HashSet<string> Moves =
    [
        "PENDING>DISPATCHED", "PENDING>SKIPPED", "PENDING>CANCELLED",
        "DISPATCHED>PENDING", "DISPATCHED>IN_PROGRESS", "DISPATCHED>COMPLETED", "DISPATCHED>NO_ANSWER", "DISPATCHED>FAILED",
        "DISPATCHED>SKIPPED", "DISPATCHED>CANCELLED",
        "IN_PROGRESS>PENDING", "IN_PROGRESS>COMPLETED", "IN_PROGRESS>NO_ANSWER", "IN_PROGRESS>FAILED",
    ];

    private static readonly HashSet<string> Corrections =
    [
        "COMPLETED>NO_ANSWER", "COMPLETED>FAILED", "NO_ANSWER>COMPLETED", "NO_ANSWER>FAILED", "FAILED>COMPLETED", "FAILED>NO_ANSWER",
    ];

    [Fact]
    public void CanMove_WhenAnyPair_FollowsTheList() =>
        Assert.Equal(Moves.Order(), Pairs().Where(p => ContactMachine.CanMove(p.From, p.To)).Select(Text).Order());

    [Fact]
    public void CanCorrect_WhenAnyPair_FollowsTheList() =>
        Assert.Equal(Corrections.Order(), Pairs().Where(p => ContactMachine.CanCorrect(p.From, p.To)).Select(Text).Order());

    [Fact]
    public void Require_WhenIllegal_NamesBothStatuses()
    {
        foreach (var pair in Pairs().Where(p => p.From != p.To && !Moves.Contains(Text(p))))
        {
            var error = Assert.Throws<InvalidOperationException>(() => ContactMachine.Require(pair.From, pair.To));
            Assert.Contains($"is {pair.From.ToText()} cannot become {pair.To.ToText()}", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Require_WhenLegalOrStaying_Passes()
    {
        foreach (var pair in Pairs().Where(p => p.From == p.To || Moves.Contains(Text(p))))
        {
            Assert.Null(Record.Exception(() => ContactMachine.Require(pair.From, pair.To)));
        }
    }

    [Fact]
    public void IsTerminalAndIsInFlight_WhenAnyStatus_SplitThemWithPending()
    {
        Assert.Equal([ContactStatus.Dispatched, ContactStatus.InProgress], All.Where(ContactMachine.IsInFlight));
        Assert.Equal(
            [ContactStatus.Completed, ContactStatus.NoAnswer, ContactStatus.Failed, ContactStatus.Skipped, ContactStatus.Cancelled],
            All.Where(ContactMachine.IsTerminal));
    }

    private static IEnumerable<(ContactStatus From, ContactStatus To)> Pairs() => All.SelectMany(_ => All, (from, to) => (from, to));

    private static string Text((ContactStatus From, ContactStatus To) pair) => $"{pair.From.ToText()}>{pair.To.ToText()}";
}
