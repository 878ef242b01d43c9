using Orleans.Concurrency;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.SingleProcess.Tests.Bad;

namespace Orleans.SingleProcess.Tests
{
    public sealed class WireRulesTests
    {
        [Fact]
        public async Task Start_WithBadWireTypes_ListsEveryViolation()
        {
            var refused = await Assert.ThrowsAsync<OrleansConfigurationException>(() =>
                TestCluster.StartAsync(engine: o => o.GrainTypes = type => type.Namespace == typeof(IBadGrain).Namespace));
            string[] expected =
            [
                "IBadGrain.Sync: returns System.Int32",
                "IBadGrain.get_Property: grain interfaces have methods only",
                "IBadGrain.OneWayResult: a [OneWay] method cannot have a result",
                "IBadGrain.TwoTokens: has more than one CancellationToken",
                "NoSerializer: has no serializer",
                "(used by Orleans.SingleProcess.Tests.Bad.IBadGrain.Take(item))",
                "NoIds: Name has no [Id]",
                "NoIds: needs an [Alias]",
                "DoubleIds: Second has the [Id(1)] of another member",
                "NotImmutable: is a record that crosses grain calls and must be [Immutable]",
                "Settable: is [Immutable] but Name can be set",
                "NestedBad: has no serializer",
                "IKeylessGrain: must derive from IGrainWithGuidKey",
                "BadState: Limit starts as a value that is not its type's default",
                "NoConstructorState: a persisted state class needs a public constructor without parameters",
                "System.Text.StringBuilder: has no serializer",
            ];
            foreach (var text in expected)
            {
                Assert.Contains(text, refused.Message, StringComparison.Ordinal);
            }

            Assert.Contains($"{expected.Length - 1} problem(s)", refused.Message, StringComparison.Ordinal);
        }

        [Fact]
        public async Task Start_WithAdoNet_SaysWhatToBuildWith()
        {
            var refused = await Assert.ThrowsAsync<OrleansConfigurationException>(() => TestCluster.StartAsync(configure: silo => silo
                .UseAdoNetClustering(o => o.Invariant = "Npgsql")
                .AddAdoNetGrainStorage("grains", o => o.Invariant = "Npgsql")));
            Assert.Contains("ADO.NET clustering is not offered", refused.Message, StringComparison.Ordinal);
            Assert.Contains("ADO.NET grain storage \"grains\" is not offered", refused.Message, StringComparison.Ordinal);
            Assert.Contains("-p:OrleansEngine=packages", refused.Message, StringComparison.Ordinal);
        }
    }
}

namespace Orleans.SingleProcess.Tests.Bad
{
    public sealed record NoSerializer(string Name);

    [GenerateSerializer]
    public sealed class NoIds
    {
        public string Name { get; set; } = string.Empty;
    }

    [GenerateSerializer, Alias("bad.double")]
    public sealed class DoubleIds
    {
        [Id(1)]
        public string? First { get; set; }

        [Id(1)]
        public string? Second { get; set; }
    }

    [GenerateSerializer, Alias("bad.mutable")]
    public sealed record NotImmutable([property: Id(0)] string Name, [property: Id(1)] IReadOnlyList<NestedBad?> Nested);

    [GenerateSerializer, Immutable, Alias("bad.settable")]
    public sealed record Settable
    {
        [Id(0)]
        public string? Name { get; set; }
    }

    public sealed class NestedBad;

    [GenerateSerializer, Alias("bad.state")]
    public sealed class BadState
    {
        [Id(0)]
        public int Limit { get; set; } = 5;
    }

    [GenerateSerializer, Alias("bad.state2")]
    public sealed record NoConstructorState([property: Id(0)] int Count);

    public interface IKeylessGrain : IAddressable
    {
        Task Ping();
    }

    public interface IBadGrain : IGrainWithStringKey
    {
        int Property { get; }

        int Sync();

        [OneWay]
        Task<int> OneWayResult();

        Task TwoTokens(CancellationToken a, CancellationToken b);

        Task Take(NoSerializer item);

        Task<NoIds[]> Get(Dictionary<string, DoubleIds> map);

        Task Pass(NotImmutable? a, Settable b, System.Text.StringBuilder c);
    }

    public sealed class BadGrain(
        [PersistentState("a")] IPersistentState<BadState> a,
        [PersistentState("b")] IPersistentState<NoConstructorState> b) : Grain, IGrainWithStringKey
    {
        public int Sum => a.State.Limit + b.State.Count;
    }
}
