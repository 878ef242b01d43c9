using System.Diagnostics;
using System.Reflection;

namespace Orleans.SingleProcess;

/// <summary>Names this engine in logs, health reports and version texts.</summary>
public static class EngineInfo
{
    /// <summary>The engine's name, as in the build property <c>OrleansEngine</c>.</summary>
    public const string Name = "single-process";

    /// <summary>The engine's version.</summary>
    public static string Version { get; } = typeof(EngineInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    internal static ActivitySource Activities { get; } = new("Microsoft.Orleans.Application");
}
