namespace Orleans.Providers;

/// <summary>Names of providers.</summary>
public static class ProviderConstants
{
    /// <summary>The store used when none is named.</summary>
    public const string DEFAULT_STORAGE_PROVIDER_NAME = "Default";
}
