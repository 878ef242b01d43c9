using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using Orleans.SingleProcess;

namespace Orleans.TestingHost;

/// <summary>A silo of a test cluster.</summary>
public abstract class SiloHandle : IDisposable, IAsyncDisposable
{
    /// <summary>The silo's name.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>The silo's number in the cluster, from 0.</summary>
    public short InstanceNumber { get; set; }

    /// <summary>The silo's address.</summary>
    public abstract SiloAddress SiloAddress { get; }

    /// <summary>Whether it runs.</summary>
    public abstract bool IsActive { get; }

    /// <summary>Stops it, in order or at once.</summary>
    public abstract Task StopSiloAsync(bool stopGracefully);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        await StopSiloAsync(false);
        Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {SiloAddress}";

    /// <summary>Frees what it holds.</summary>
    protected abstract void Dispose(bool disposing);
}

/// <summary>A silo of a test cluster in this process.</summary>
public sealed class InProcessSiloHandle : SiloHandle
{
    /// <summary>The silo's host.</summary>
    public IHost SiloHost { get; init; } = null!;

    /// <summary>The silo's services.</summary>
    public IServiceProvider ServiceProvider => SiloHost.Services;

    /// <inheritdoc/>
    public override SiloAddress SiloAddress => Silo.SiloAddress;

    /// <inheritdoc/>
    public override bool IsActive => !Silo.IsDown;

    internal Silo Silo { get; init; } = null!;

    /// <inheritdoc/>
    public override async Task StopSiloAsync(bool stopGracefully)
    {
        if (!stopGracefully)
        {
            Silo.Kill();
        }

        using var cut = new CancellationTokenSource();
        if (!stopGracefully)
        {
            await cut.CancelAsync();
        }

        try
        {
            await SiloHost.StopAsync(cut.Token);
        }
        catch (OperationCanceledException) when (!stopGracefully)
        {
            // A killed silo's services get no time to end.
        }

        Silo.Kill();
        Silo.Dispose();
        await (SiloHost is IAsyncDisposable disposable ? disposable.DisposeAsync() : default);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Silo.Kill();
            SiloHost.Dispose();
        }
    }
}
