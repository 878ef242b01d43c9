#if !ORLEANS_PACKAGES
using System.Collections.Immutable;
#endif
using Campaigns.Grains.Tests.Bed;
#if !ORLEANS_PACKAGES
using Orleans;
#endif

namespace Campaigns.Grains.Tests;

/// <summary>Every type on a grain's wire and in its storage follows the rules, on either engine.</summary>
public sealed class WireTests
{
    [Fact]
    public void GrainInterfacesAndStates_FollowTheWireRules()
    {
        var interfaces = WireCheck.InterfacesOf(typeof(ICampaignGrain).Assembly).ToList();

        Assert.Contains(typeof(ICampaignGrain), interfaces);
        Assert.Contains(typeof(IContactGrain), interfaces);
        Assert.Empty(WireCheck.Run(interfaces, WireCheck.StatesOf(typeof(CampaignGrain).Assembly)));
    }

#if !ORLEANS_PACKAGES
    // Orleans' own analyzers refuse to compile such types.
    [Fact]
    public void WireCheck_WhenARuleIsBroken_NamesTypeMemberAndRule()
    {
        Assert.Equal(
            ["Bare has no [GenerateSerializer] (used by grain state)", "Bare has no [Immutable]", "Bare has no [Alias]", "Bare.Value has no [Id]"],
            WireCheck.Run([], [typeof(Bare)]));
        Assert.Equal(["Twice.B has the [Id(0)] of another member"], WireCheck.Run([], [typeof(Twice)]));
        Assert.Equal(
            ["Bare has no [GenerateSerializer] (used by Holder)", "Bare has no [Immutable]", "Bare has no [Alias]", "Bare.Value has no [Id]"],
            WireCheck.Run([], [typeof(Holder)]));
        Assert.Equal(["Copy has the alias of Twice"], WireCheck.Run([], [typeof(Twice), typeof(Copy)]).Skip(1));
    }

    internal sealed record Bare(int Value);

    [GenerateSerializer, Immutable, Alias("test.Twice")]
    internal sealed record Twice([property: Id(0)] int A, [property: Id(0)] int B);

    [GenerateSerializer, Immutable, Alias("test.Twice")]
    internal sealed record Copy([property: Id(0)] int A);

    [GenerateSerializer, Immutable, Alias("test.Holder")]
    internal sealed record Holder([property: Id(0)] ImmutableArray<Bare?> Inner);
#endif
}
