namespace Campaigns.Api;

/// <summary>Configuration section <c>Campaigns:AgentTools</c>: what agents' own HTTP tools may be.</summary>
public sealed class AgentToolOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Campaigns:AgentTools";

    /// <summary>Also takes tools with <c>http</c> addresses and hosts inside; false. For development only: arguments and headers travel readable.</summary>
    public bool AllowPlainHttp { get; set; }
}
