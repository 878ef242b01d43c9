using Campaigns.Stores;

namespace Campaigns.Simulation.World;

/// <summary>A database whose notifications do not come: supervisors find what there is at their looks.</summary>
internal sealed class NoNews : ILeaseNews
{
    public Task ListenAsync(Action onNews, CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
}
