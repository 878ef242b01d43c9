namespace Campaigns.Postgres.Contacts;

/// <summary>What one move of one contact adds to each counter of its campaign.</summary>
internal readonly record struct CounterDeltas(
    int Pending, int InFlight, int Completed, int NoAnswer, int Failed, int Skipped, int Cancelled)
{
    public static CounterDeltas Between(ContactStatus from, ContactStatus to) => from == to ? default : Of(to, 1) + Of(from, -1);

    public static CounterDeltas operator +(CounterDeltas a, CounterDeltas b) => new(
        a.Pending + b.Pending, a.InFlight + b.InFlight, a.Completed + b.Completed, a.NoAnswer + b.NoAnswer, a.Failed + b.Failed,
        a.Skipped + b.Skipped, a.Cancelled + b.Cancelled);

    private static CounterDeltas Of(ContactStatus status, int n) => status switch
    {
        ContactStatus.Pending => new(n, 0, 0, 0, 0, 0, 0),
        ContactStatus.Dispatched or ContactStatus.InProgress => new(0, n, 0, 0, 0, 0, 0),
        ContactStatus.Completed => new(0, 0, n, 0, 0, 0, 0),
        ContactStatus.NoAnswer => new(0, 0, 0, n, 0, 0, 0),
        ContactStatus.Failed => new(0, 0, 0, 0, n, 0, 0),
        ContactStatus.Skipped => new(0, 0, 0, 0, 0, n, 0),
        ContactStatus.Cancelled => new(0, 0, 0, 0, 0, 0, n),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "There is no such status."),
    };
}
