using System.Globalization;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.SingleProcess;

/// <summary>Where calls come from: a silo or a client.</summary>
internal abstract class Node : IClusterClient, IDisposable
{
    private readonly TimeSpan _responseTimeout;
    private readonly PendingCalls _pending;

    protected Node(Cluster cluster, IServiceProvider services, TimeProvider time, MessagingOptions messaging)
    {
        (Cluster, ServiceProvider, Time) = (cluster, services, time);
        _responseTimeout = messaging.ResponseTimeout;
        _pending = new PendingCalls(time, messaging.CancelRequestOnTimeout);
    }

    public IServiceProvider ServiceProvider { get; }

    internal Cluster Cluster { get; }

    internal TimeProvider Time { get; }

    internal bool IsDown { get; private protected set; }

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => (TGrainInterface)(object)Make(typeof(TGrainInterface), primaryKey.ToString("N"), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => (TGrainInterface)(object)Make(typeof(TGrainInterface), KeyOf(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey => (TGrainInterface)(object)Make(typeof(TGrainInterface), primaryKey, grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => (TGrainInterface)(object)MakeReference(InterfaceInfo.Get(typeof(TGrainInterface)), grainId);

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => (IGrain)Make(grainInterfaceType, grainPrimaryKey.ToString("N"), null);

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => (IGrain)Make(grainInterfaceType, KeyOf(grainPrimaryKey), null);

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => (IGrain)Make(grainInterfaceType, grainPrimaryKey, null);

    public void Dispose() => _pending.Dispose();

    internal GrainReference MakeReference(InterfaceInfo info, GrainId id)
    {
        var grainClass = Cluster.Map.ClassOf(id.Type);
        return info.Type.IsAssignableFrom(grainClass.Type)
            ? info.Make(this, info, id)
            : throw new InvalidCastException($"{grainClass.Type} does not implement {info.Type}.");
    }

    internal void Send(CallRequest call)
    {
        if (IsDown || Activation.OnThread is { IsKilled: true })
        {
            call.Fail(new SiloUnavailableException($"The local Orleans host is shutting down and can no longer process the request: {call.Name}."));
            return;
        }

        if (!call.Prepare())
        {
            return;
        }

        if (call.Method.OneWay)
        {
            call.SetNothing();
        }
        else
        {
            _pending.Add(call, call.Method.Timeout ?? _responseTimeout);
            if (call.IsOver)
            {
                _pending.Remove(call);
                return;
            }
        }

        Cluster.Route(call, this);
    }

    private static string KeyOf(long key) => key.ToString("X", CultureInfo.InvariantCulture);

    private GrainReference Make(Type type, string key, string? prefix)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        var (info, grainClass) = Cluster.Map.Implementation(type, prefix);
        return info.Make(this, info, new GrainId(grainClass.GrainType, IdSpan.Create(key)));
    }
}

/// <summary>A client outside the silos.</summary>
internal sealed class Client(Cluster cluster, IServiceProvider services, TimeProvider time, MessagingOptions messaging)
    : Node(cluster, services, time, messaging);
