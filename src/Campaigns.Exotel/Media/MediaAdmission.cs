using Campaigns.Carrier;
using Campaigns.Stores;

namespace Campaigns.Exotel.Media;

/// <summary>What a socket's secret is good for.</summary>
internal enum MediaAdmission
{
    /// <summary>Its call.</summary>
    Admitted,

    /// <summary>Nothing.</summary>
    Unknown,

    /// <summary>Nothing any more.</summary>
    Used,
}

/// <summary>Checks secrets. What does not exist takes the same way as what does not match.</summary>
internal sealed class MediaDoor(ISessionGates sessions, IInboundGates agents, TimeProvider clock)
{
    private static readonly byte[] NoHash = new byte[SessionToken.HashBytes];

    internal async Task<MediaAdmission> CheckSessionAsync(Guid session, string? token, CancellationToken deadline)
    {
        var gate = session == Guid.Empty ? null : await sessions.FindGateAsync(session, deadline).WaitAsync(deadline);
        if (!SessionToken.Matches(token, gate?.TokenHash ?? NoHash) || gate is null || gate.TokenExpiresAt <= clock.GetUtcNow())
        {
            return MediaAdmission.Unknown;
        }

        return gate.MediaUsed ? MediaAdmission.Used : MediaAdmission.Admitted;
    }

    internal async Task<MediaAdmission> CheckAgentAsync(Guid agent, string? secret, CancellationToken deadline)
    {
        var hash = agent == Guid.Empty ? null : await agents.FindInboundHashAsync(agent, deadline).WaitAsync(deadline);
        return SessionToken.Matches(secret, hash ?? NoHash) && hash is not null ? MediaAdmission.Admitted : MediaAdmission.Unknown;
    }
}
