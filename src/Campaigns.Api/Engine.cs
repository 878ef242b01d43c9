using System.Reflection;

namespace Campaigns.Api;

/// <summary>Which build this is, and on which Orleans.</summary>
internal static class Engine
{
#if ORLEANS_PACKAGES
    internal const string Name = "packages";
#else
    internal const string Name = "single-process";
#endif

    internal static string Version { get; } = typeof(Engine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
