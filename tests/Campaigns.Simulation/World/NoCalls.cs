using Campaigns.Calls;
using Campaigns.Carrier;

namespace Campaigns.Simulation.World;

/// <summary>No media stream ever reaches these silos: calls are held by the carrier's flow.</summary>
internal sealed class NoCalls : ILocalCalls
{
    public IReadOnlyCollection<Guid> Live => [];

    public void Prepare(Guid sessionId)
    {
        // Nothing gets ready for a call that is held elsewhere.
    }

    public void Discard(Guid sessionId)
    {
        // Nothing was prepared.
    }

    public ICallLine? Add(Guid sessionId, IMediaLeg leg) => null;

    public ICallLine? Take(Guid sessionId) => null;

    public void HangUp(Guid sessionId, string reason)
    {
        // There is no call to end.
    }
}
