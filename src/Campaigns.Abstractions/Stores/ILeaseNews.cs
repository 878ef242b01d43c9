namespace Campaigns.Stores;

/// <summary>News of leases that were let go, so that another silo takes them at once and not at its next look.</summary>
public interface ILeaseNews
{
    /// <summary>
    /// Calls back at every piece of news until cancelled, and once at the beginning: something may have been let go before. News may come twice,
    /// or be lost with the connection; whoever listens looks now and then all the same.
    /// </summary>
    /// <exception cref="System.Data.Common.DbException">The connection is lost or not to be had: listen again.</exception>
    Task ListenAsync(Action onNews, CancellationToken cancellationToken);
}
