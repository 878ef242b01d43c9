using System.Reflection;

namespace Campaigns.Silo.Tests.Draining;

/// <summary>An interface of which a test needs one or two members; the others fail.</summary>
internal class Stub<T> : DispatchProxy
    where T : class
{
    private Func<string, object?[], object?> _answer = null!;

    /// <summary>Answers by the member's name; null is no answer.</summary>
    public static T Of(Func<string, object?[], object?> answer)
    {
        var stub = Create<T, Stub<T>>();
        ((Stub<T>)(object)stub)._answer = answer;
        return stub;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        => _answer(targetMethod!.Name, args ?? []) ?? throw new NotSupportedException(targetMethod.Name);
}
