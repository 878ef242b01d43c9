#pragma warning disable
namespace Orleans;
public interface IAddressable { }
public interface IGrain : IAddressable { }
public interface IGrainWithGuidKey : IGrain { }
[AttributeUsage(AttributeTargets.All)] public sealed class GenerateSerializerAttribute : Attribute { }
[AttributeUsage(AttributeTargets.All)] public sealed class ImmutableAttribute : Attribute { }
[AttributeUsage(AttributeTargets.All)] public sealed class AliasAttribute(string alias) : Attribute { public string Alias => alias; }
[AttributeUsage(AttributeTargets.All)] public sealed class IdAttribute(uint id) : Attribute { public uint Id => id; }
