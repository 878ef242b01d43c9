using System.Reflection;

namespace Campaigns.Grains.Tests.Bed;

/// <summary>Puts a port on the tape: every call goes through it to the real thing.</summary>
/// <remarks>Public, as the runtime derives its proxies from it.</remarks>
public class TapedPort<T> : DispatchProxy
    where T : class
{
    private static readonly MethodInfo Typed = typeof(TapedPort<T>).GetMethod(nameof(RunTypedAsync), BindingFlags.NonPublic | BindingFlags.Instance)!;
    private static readonly string Port = typeof(T).Name[1..];

    private T _inner = null!;
    private Tape _tape = null!;
    private string _silo = "";

    internal static T Wrap(T inner, Tape tape, string silo)
    {
        var proxy = Create<T, TapedPort<T>>();
        var port = (TapedPort<T>)(object)proxy;
        (port._inner, port._tape, port._silo) = (inner, tape, silo);
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = targetMethod!;
        var arguments = args ?? [];
        return method.ReturnType == typeof(Task)
            ? RunAsync(method, arguments)
            : Typed.MakeGenericMethod(method.ReturnType.GetGenericArguments()[0]).Invoke(this, [method, arguments]);
    }

    private Task RunAsync(MethodInfo method, object?[] arguments) => _tape.RunAsync(_silo, $"{Port}.{method.Name}", arguments, async () =>
    {
        await (Task)method.Invoke(_inner, arguments)!;
        return null;
    });

    private async Task<TResult> RunTypedAsync<TResult>(MethodInfo method, object?[] arguments)
        => (TResult)(await _tape.RunAsync(
            _silo, $"{Port}.{method.Name}", arguments, async () => await (Task<TResult>)method.Invoke(_inner, arguments)!))!;
}
