using System.Net;
using System.Text.Json;
using Campaigns.Testing.Hosts;

namespace Campaigns.Chaos.Bed;

/// <summary>What a host says of itself, and whether that is true.</summary>
public static class Health
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(2);

    /// <summary>Null when ready and live answer so, at last, within a time; else what they answered. 503 is "not ready", 0 "no answer".</summary>
    public static async Task<string?> ComplaintAsync(ProductProcess host, string state, int ready, int live, TimeSpan within, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        var began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var said = (Ready: await GlanceAsync(host, "/health/ready", cancellationToken), Live: await GlanceAsync(host, "/health/live", cancellationToken));
            if (said == (ready, live))
            {
                return null;
            }

            if (TimeProvider.System.GetElapsedTime(began) > within || host.HasExited)
            {
                return $"{state}: /health/ready answers {said.Ready} and /health/live {said.Live} after {within.TotalSeconds:0.#} s, not {ready} and {live}";
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>The status it answers with; 0 when it does not answer in two seconds.</summary>
    public static async Task<int> GlanceAsync(ProductProcess host, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Glance);
        try
        {
            return (int)(await host.StatusAsync(path, patience.Token) ?? default(HttpStatusCode));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }

    /// <summary>How many campaigns it says that it drives; null when it does not say.</summary>
    public static async Task<int?> CampaignsAsync(ProductProcess host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        var body = JsonDocument.Parse(await host.Client.GetStringAsync("/health", cancellationToken)).RootElement;
        return body.TryGetProperty("details", out var details) && details.TryGetProperty("silo", out var silo) ? silo.GetProperty("campaigns").GetInt32() : null;
    }
}
