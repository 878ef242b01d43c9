using System.Reflection;
using Campaigns.Hosting.Engine;

namespace Quickstart;

/// <summary>The build's version and the Orleans it runs on.</summary>
internal static class ProductVersion
{
    public static string Text { get; } =
        $"Campaigns.Orleans {typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}, Orleans engine: {OrleansEngine.Name}";
}
