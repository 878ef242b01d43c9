using System.Collections.Immutable;
using Campaigns.Stores;

namespace Campaigns.Calls.Tests.Bed;

/// <summary>Knows the briefs of calls; the calls themselves write nothing.</summary>
public sealed class FakeCallStore : ICallStore
{
    public Func<Guid, CallBrief?> Brief { get; set; } = _ => null;

    public Task<CallBrief?> LoadBriefAsync(Guid sessionId, CancellationToken cancellationToken) => Task.FromResult(Brief(sessionId));

    public Task<BeginResult> BeginAsync(BeginConversation command, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Guid?> BeginInboundAsync(BeginInbound command, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RenewAsync(string owner, IReadOnlyCollection<Guid> sessions, DateTimeOffset until, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public Task AddTurnAsync(Guid sessionId, CallTurn turn, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RecordDispositionAsync(
        Guid sessionId, string? code, string? notes, ImmutableDictionary<string, string> fields, DateTimeOffset now,
        CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RecordCallbackAsync(Guid sessionId, DateTimeOffset? at, string spoken, DateTimeOffset now, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public Task RecordHandoffAsync(Guid sessionId, string reason, DateTimeOffset now, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public Task MarkDoNotCallAsync(Guid sessionId, string reason, DateTimeOffset now, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public Task<bool> ConcludeAsync(ConversationConclusion conclusion, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> EndLapsedInboundAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();
}
