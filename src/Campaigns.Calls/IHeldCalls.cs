namespace Campaigns.Calls;

/// <summary>The calls of this process as whoever stops it sees them.</summary>
public interface IHeldCalls
{
    /// <summary>What is held now.</summary>
    HeldCalls Held { get; }

    /// <summary>
    /// Cuts off every call with an apology in the agent's language, as <see cref="CallEndKind.HostStopping"/>; calls that are ending anyway are let
    /// end. Returns when all of them are over and on record.
    /// </summary>
    /// <param name="reason">Why, for people.</param>
    /// <param name="cancellationToken">Gives up waiting; the calls go on ending.</param>
    Task InterruptAllAsync(string reason, CancellationToken cancellationToken);
}

/// <summary>How many calls there are.</summary>
/// <param name="Count">Calls whose end is not on record yet.</param>
/// <param name="Longest">How long the oldest has lasted; zero when there is none.</param>
public readonly record struct HeldCalls(int Count, TimeSpan Longest);
