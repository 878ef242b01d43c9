using System.Data.Common;

namespace Orleans.Configuration;

/// <summary>Calls.</summary>
public abstract class MessagingOptions
{
    /// <summary>How long a caller waits for a response before <see cref="TimeoutException"/>. Default 30 s.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the callee's token is cancelled when the caller's wait times out. Default false.</summary>
    public bool CancelRequestOnTimeout { get; set; }
}

/// <summary>Calls made by a silo's grains and services.</summary>
public class SiloMessagingOptions : MessagingOptions;

/// <summary>Calls made by a client.</summary>
public class ClientMessagingOptions : MessagingOptions;

/// <summary>When activations begin and end.</summary>
public class GrainCollectionOptions
{
    /// <summary>How often idle activations are looked for. Default 1 min.</summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long without a call makes an activation idle. Default 15 min.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The same for single classes, by full name of the class.</summary>
    public Dictionary<string, TimeSpan> ClassSpecificCollectionAge { get; set; } = [];

    /// <summary>How long an activation may take to start. Default 30 s.</summary>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an activation may take to end. Default 30 s.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>The cluster's identity.</summary>
public class ClusterOptions
{
    /// <summary>Changes with each deployment. Default <c>default</c>.</summary>
    public string ClusterId { get; set; } = "default";

    /// <summary>Stays over deployments. Default <c>default</c>.</summary>
    public string ServiceId { get; set; } = "default";
}

/// <summary>The silo's identity.</summary>
public class SiloOptions
{
    /// <summary>The silo's name; null for one made up.</summary>
    public string? SiloName { get; set; }
}

/// <summary>The silo's endpoints: only a name in this engine.</summary>
public class EndpointOptions
{
    /// <summary>Silo to silo. Default 11111.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Client to silo. Default 30000.</summary>
    public int GatewayPort { get; set; } = 30000;
}

/// <summary>Memory storage.</summary>
public class MemoryGrainStorageOptions;

/// <summary>ADO.NET clustering, which this engine refuses at start.</summary>
public class AdoNetClusteringSiloOptions
{
    /// <summary>Connection string of the membership database.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Data source instead of a connection string.</summary>
    public DbDataSource? DataSource { get; set; }

    /// <summary>Invariant name of the database provider.</summary>
    public string Invariant { get; set; } = string.Empty;
}

/// <summary>ADO.NET storage, which this engine refuses at start.</summary>
public class AdoNetGrainStorageOptions
{
    /// <summary>Connection string of the storage database.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Data source instead of a connection string.</summary>
    public DbDataSource? DataSource { get; set; }

    /// <summary>Invariant name of the database provider.</summary>
    public string Invariant { get; set; } = string.Empty;

    /// <summary>Whether clearing deletes the row.</summary>
    public bool DeleteStateOnClear { get; set; }
}
