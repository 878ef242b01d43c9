using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.SingleProcess;

/// <summary>The result of a call that has none.</summary>
internal readonly struct Nothing;

/// <summary>What the engine knows of one method of a grain interface.</summary>
internal sealed class MethodDescription
{
    private readonly bool[] _copied;

    internal MethodDescription(MethodInfo method)
    {
        Method = method;
        var parameters = method.GetParameters();
        _copied = [.. parameters.Select(p => !p.IsDefined(typeof(ImmutableAttribute)) && !Copier.IsDeclaredImmutable(p.ParameterType))];
        TokenIndex = Array.FindIndex(parameters, p => p.ParameterType == typeof(CancellationToken));
        AlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        ReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        OneWay = method.IsDefined(typeof(OneWayAttribute));
        Timeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        var result = method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : null;
        ResultCopied = result is not null && !method.ReturnParameter.IsDefined(typeof(ImmutableAttribute)) && !Copier.IsDeclaredImmutable(result);
        Invoke = BuildInvoker(method, parameters);
        FullName = $"{method.DeclaringType!.Name}.{method.Name}";
    }

    internal MethodInfo Method { get; }

    internal string FullName { get; }

    internal int TokenIndex { get; }

    internal bool AlwaysInterleave { get; }

    internal bool ReadOnly { get; }

    internal bool OneWay { get; }

    internal bool ResultCopied { get; }

    internal TimeSpan? Timeout { get; }

    internal Func<object, object?[], Task> Invoke { get; }

    /// <summary>Replaces the mutable arguments by copies, so that caller and grain share none.</summary>
    internal void Isolate(object?[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (_copied[i] && i != TokenIndex)
            {
                arguments[i] = Copier.Copy(arguments[i]);
            }
        }
    }

    private static Func<object, object?[], Task> BuildInvoker(MethodInfo method, ParameterInfo[] parameters)
    {
        var target = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object[]));
        Expression call = Expression.Call(
            Expression.Convert(target, method.DeclaringType!),
            method,
            parameters.Select((p, i) => Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(i)), p.ParameterType)));
        if (!typeof(Task).IsAssignableFrom(method.ReturnType))
        {
            call = Expression.Call(call, method.ReturnType.GetMethod(nameof(ValueTask.AsTask))!);
        }

        return Expression.Lambda<Func<object, object?[], Task>>(call, target, arguments).Compile();
    }
}

/// <summary>What the engine knows of a grain interface, with the class it emits for references to it.</summary>
internal sealed class InterfaceInfo
{
    private static readonly ConcurrentDictionary<Type, Lazy<InterfaceInfo>> Known = new();
    private static readonly Lock EmitLock = new();
    private static readonly ModuleBuilder Module = AssemblyBuilder
        .DefineDynamicAssembly(new AssemblyName("Orleans.SingleProcess.References"), AssemblyBuilderAccess.Run)
        .DefineDynamicModule("References");

    private static readonly HashSet<Assembly> Opened = [];

    private InterfaceInfo(Type type)
    {
        Type = type;
        Methods = [.. MethodsOf(type).Select(m => new MethodDescription(m))];
        Make = Emit();
    }

    internal Type Type { get; }

    internal MethodDescription[] Methods { get; }

    internal Func<Node, InterfaceInfo, GrainId, GrainReference> Make { get; }

    internal static InterfaceInfo Get(Type type) =>
        Known.GetOrAdd(type, static t => new Lazy<InterfaceInfo>(() => new InterfaceInfo(t))).Value;

    internal static IEnumerable<MethodInfo> MethodsOf(Type type) =>
        type.GetInterfaces().Prepend(type).SelectMany(t => t.GetMethods(BindingFlags.Instance | BindingFlags.Public)).Where(m => m.IsAbstract);

    private Func<Node, InterfaceInfo, GrainId, GrainReference> Emit()
    {
        lock (EmitLock)
        {
            Open(typeof(InterfaceInfo).Assembly);
            Open(Type.Assembly);
            foreach (var inherited in Type.GetInterfaces())
            {
                Open(inherited.Assembly);
            }

            var builder = Module.DefineType($"{Type.FullName}Reference", TypeAttributes.Class | TypeAttributes.Sealed, typeof(GrainReference), [Type]);
            Type[] signature = [typeof(Node), typeof(InterfaceInfo), typeof(GrainId)];
            EmitConstructor(builder, signature);
            for (var i = 0; i < Methods.Length; i++)
            {
                EmitMethod(builder, Methods[i].Method, i);
            }

            var constructor = builder.CreateType().GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public, signature)!;
            ParameterExpression[] p = [.. signature.Select(t => Expression.Parameter(t))];
            return Expression.Lambda<Func<Node, InterfaceInfo, GrainId, GrainReference>>(Expression.New(constructor, p), p).Compile();
        }
    }

    private static void EmitConstructor(TypeBuilder builder, Type[] signature)
    {
        var il = builder.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, signature).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Call, typeof(GrainReference).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, signature)!);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitMethod(TypeBuilder builder, MethodInfo method, int index)
    {
        var parameters = method.GetParameters();
        var body = builder.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.NewSlot | MethodAttributes.HideBySig,
            method.ReturnType,
            [.. parameters.Select(p => p.ParameterType)]);
        var il = body.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Ldc_I4, parameters.Length);
        il.Emit(OpCodes.Newarr, typeof(object));
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldarg, i + 1);
            if (parameters[i].ParameterType.IsValueType)
            {
                il.Emit(OpCodes.Box, parameters[i].ParameterType);
            }

            il.Emit(OpCodes.Stelem_Ref);
        }

        var returned = method.ReturnType;
        var isTask = typeof(Task).IsAssignableFrom(returned);
        var call = typeof(GrainReference).GetMethod(
            isTask ? nameof(GrainReference.Call) : nameof(GrainReference.CallValue),
            returned.IsGenericType ? 1 : 0,
            BindingFlags.Instance | BindingFlags.NonPublic,
            [typeof(int), typeof(object[])])!;
        il.Emit(OpCodes.Call, returned.IsGenericType ? call.MakeGenericMethod(returned.GetGenericArguments()) : call);
        il.Emit(OpCodes.Ret);
        builder.DefineMethodOverride(body, method);
    }

    /// <summary>Lets the emitted classes see internal grain interfaces, as code generated into their assembly would.</summary>
    private static void Open(Assembly assembly)
    {
        if (Opened.Add(assembly))
        {
            var constructor = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
            ((AssemblyBuilder)Module.Assembly).SetCustomAttribute(new CustomAttributeBuilder(constructor, [assembly.GetName().Name!]));
        }
    }
}
