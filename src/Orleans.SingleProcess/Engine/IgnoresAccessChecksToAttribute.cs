namespace System.Runtime.CompilerServices;

/// <summary>The runtime looks for this attribute by name: an assembly that carries it may use the named assembly's internals.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
