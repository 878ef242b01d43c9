using System.Collections.Concurrent;
using Campaigns.Carrier;

namespace Campaigns.Grains.Tests.Bed;

/// <summary>A carrier that does as the test says and keeps a ledger. Stop its answers with <c>Tape.HoldAfter("Carrier.PlaceCallAsync")</c>.</summary>
internal sealed class ScriptedCarrier(TimeProvider clock) : ICarrier
{
    private readonly ConcurrentQueue<Dial> _ledger = new();
    private int _dials;

    /// <summary>The answer to a dial; accepted by default.</summary>
    public Func<Dial, PlaceCallResult> Answer { get; set; } = dial => new PlaceCallResult.Accepted(dial.Sid);

    /// <summary>The answer to a bulk look-up; by default the carrier lists none of the calls.</summary>
    public Func<IReadOnlyCollection<string>, IReadOnlyList<CarrierCall>> LookUp { get; set; } = _ => [];

    /// <summary>The answer to a search by number; by default there is no such call.</summary>
    public Func<string, IReadOnlyList<CarrierCall>> Find { get; set; } = _ => [];

    /// <summary>Every dial in order.</summary>
    public IReadOnlyList<Dial> Ledger => [.. _ledger];

    public Task<PlaceCallResult> PlaceCallAsync(PlaceCallRequest request, CancellationToken cancellationToken)
    {
        var dial = new Dial($"sid-{Interlocked.Increment(ref _dials)}", request.SessionId, request.Phone, clock.GetUtcNow());
        _ledger.Enqueue(dial);
        return Task.FromResult(Answer(dial));
    }

    public Task<IReadOnlyList<CarrierCall>> LookUpAsync(IReadOnlyCollection<string> sids, CancellationToken cancellationToken)
        => Task.FromResult(LookUp(sids));

    public Task<IReadOnlyList<CarrierCall>> FindAsync(string phone, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
        => Task.FromResult(Find(phone));
}

/// <summary>One entry of the carrier's ledger.</summary>
/// <param name="Sid">The id the carrier gives the call.</param>
/// <param name="SessionId">Ours.</param>
/// <param name="Phone">Who is rung.</param>
/// <param name="At">When, by the fake clock.</param>
internal sealed record Dial(string Sid, Guid SessionId, string Phone, DateTimeOffset At)
{
    /// <summary>The call as a look-up tells of it.</summary>
    public CarrierCall Seen(CarrierReportKind kind, CallOutcome? outcome = null) => new(Sid, Phone, kind, outcome, At, null, null, outcome?.ToText());
}
