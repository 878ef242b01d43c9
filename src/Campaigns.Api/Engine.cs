using System.Reflection;
using Campaigns.Silo.Engine;

namespace Campaigns.Api;

/// <summary>Which build this is, and on which Orleans.</summary>
internal static class Engine
{
    internal static string Name => OrleansEngine.Name;

    internal static string Version { get; } = typeof(Engine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
