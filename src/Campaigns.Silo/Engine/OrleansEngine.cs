using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Campaigns.Silo.Engine;

/// <summary>Which Orleans this build runs on, and everything that differs between the two. The rest of the product cannot tell.</summary>
public static class OrleansEngine
{
#if ORLEANS_PACKAGES
    /// <summary><c>packages</c> or <c>single-process</c>, as the start-up log, <c>/health</c> and <c>--version</c> name it.</summary>
    public static string Name => "packages";
#else
    /// <summary><c>packages</c> or <c>single-process</c>, as the start-up log, <c>/health</c> and <c>--version</c> name it.</summary>
    public static string Name => "single-process";
#endif

    /// <summary>Adds an Orleans silo of this process alone. Hosts that share a database are kept apart by the campaigns' leases.</summary>
    internal static void AddOrleansEngine(this IHostApplicationBuilder builder)
    {
        var name = builder.Configuration.GetSection("Campaigns:Silo").Get<SiloHostOptions>()?.Name ?? new SiloHostOptions().Name;
        builder.UseOrleans(silo =>
        {
            silo.Configure<SiloOptions>(o => o.SiloName = name);
#if ORLEANS_PACKAGES
            // Ports of the machine's choosing: several hosts may run side by side.
            silo.UseLocalhostClustering(FreePort(), FreePort());
#else
            silo.UseLocalhostClustering();
#endif
        });
    }

#if ORLEANS_PACKAGES
    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        return ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
    }
#endif
}
