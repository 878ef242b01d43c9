using Campaigns.Hosting.Health;

namespace Campaigns.Silo.Draining;

/// <summary>The silo in <c>/health</c>.</summary>
internal sealed class SiloHealth(SiloDrain drain) : IHealthDetail
{
    public string Name => "silo";

    public async ValueTask<object> ReadAsync(CancellationToken cancellationToken)
    {
        var silo = await drain.ReadAsync(cancellationToken);
        return new
        {
            State = silo.State == SiloState.Ready ? "ready" : "draining",
            silo.LiveCalls,
            LongestCallSeconds = Math.Round(silo.LongestCall.TotalSeconds, 1),
            silo.Ringing,
            silo.Campaigns,
            silo.DrainingSince,
            silo.DrainingUntil,
        };
    }
}
