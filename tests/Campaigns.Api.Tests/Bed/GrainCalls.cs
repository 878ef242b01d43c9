using System.Reflection;
using Campaigns.Grains;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;

namespace Campaigns.Api.Tests.Bed;

/// <summary>Takes the calls to call session grains, which live where their media sockets do: nowhere in these tests.</summary>
public class GrainCalls : DispatchProxy
{
    private IGrainFactory _inner = null!;
    private HangUps _hangUps = null!;

    internal static void Intercept(IServiceCollection services)
    {
        var hangUps = new HangUps();
        services.AddSingleton(hangUps);
        var inner = services.Last(service => service.ServiceType == typeof(IGrainFactory));
        services.Replace(ServiceDescriptor.Singleton(provider => Wrap(Resolve(provider, inner), hangUps)));
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        => targetMethod!.IsGenericMethod && targetMethod.GetGenericArguments() is [var grain] && grain == typeof(ICallSessionGrain)
            ? SessionProxy.Of((Guid)args![0]!, _hangUps)
            : targetMethod.Invoke(_inner, args);

    private static IGrainFactory Wrap(IGrainFactory inner, HangUps hangUps)
    {
        var factory = Create<IGrainFactory, GrainCalls>();
        ((GrainCalls)(object)factory)._inner = inner;
        ((GrainCalls)(object)factory)._hangUps = hangUps;
        return factory;
    }

    private static IGrainFactory Resolve(IServiceProvider provider, ServiceDescriptor descriptor)
        => (IGrainFactory)(descriptor.ImplementationInstance
            ?? descriptor.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, descriptor.ImplementationType!));
}

/// <summary>One session's grain, of which only hanging up is asked.</summary>
public class SessionProxy : DispatchProxy
{
    private Guid _id;
    private HangUps _hangUps = null!;

    internal static ICallSessionGrain Of(Guid id, HangUps hangUps)
    {
        var grain = Create<ICallSessionGrain, SessionProxy>();
        ((SessionProxy)(object)grain)._id = id;
        ((SessionProxy)(object)grain)._hangUps = hangUps;
        return grain;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Assert.Equal(nameof(ICallSessionGrain.HangUpAsync), targetMethod!.Name);
        _hangUps.Add(_id, (string)args![0]!);
        return Task.CompletedTask;
    }
}

/// <summary>Who was told to hang up, and why.</summary>
public sealed class HangUps
{
    private readonly Lock _lock = new();
    private readonly List<(Guid Session, string Reason)> _told = [];

    internal void Add(Guid session, string reason)
    {
        lock (_lock)
        {
            _told.Add((session, reason));
        }
    }

    internal string[] Of(Guid session)
    {
        lock (_lock)
        {
            return [.. _told.Where(told => told.Session == session).Select(told => told.Reason)];
        }
    }
}
