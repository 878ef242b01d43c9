using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LiveModelSimulator;

/// <summary>What decides whether a field exists: the platform, the API version and, in live sessions, the model.</summary>
internal sealed record WireScope(Platform Platform, string ApiVersion, ModelProfile? Model);

/// <summary>A type of a proto message as it appears in JSON; checking throws what the platform would say.</summary>
internal abstract class WireType
{
    public static readonly WireType Text = new TextType(null);
    public static readonly WireType Flag = new FlagType();
    public static readonly WireType Bytes = new BytesType();

    /// <summary>A Struct: any object.</summary>
    public static readonly WireType Struct = new KindType(JsonValueKind.Object, "Struct");

    /// <summary>A Value: anything.</summary>
    public static readonly WireType Anything = new KindType(JsonValueKind.Undefined, "Value");

    public abstract void Check(JsonElement value, string path, WireScope scope);

    public static WireType Matching(string pattern) => new TextType(Patterns.Compile(pattern));

    public static WireType OneOf(params string[] values) => new ChoiceType(values);

    public static WireType Number(double min = double.MinValue, double max = double.MaxValue) => new NumberType(min, max, whole: false);

    public static WireType Whole(long min = 0, long max = int.MaxValue) => new NumberType(min, max, whole: true);

    public static WireType ListOf(WireType item, int max = int.MaxValue) => new ListType(item, max);

    public static WireType MapOf(WireType value) => new MapType(value);

    public static WireType Later(Func<WireType> type) => new LaterType(type);

    protected static ProtocolException Wrong(JsonElement value, string path, string type)
    {
        var text = value.GetRawText();
        return ProtocolException.Invalid($"Invalid value at '{path}' ({type}), {(text.Length > 60 ? text[..60] : text)}");
    }

    private sealed class TextType(Regex? pattern) : WireType
    {
        public override void Check(JsonElement value, string path, WireScope scope)
        {
            if (value.ValueKind != JsonValueKind.String || (pattern is not null && !pattern.IsMatch(value.GetString()!)))
            {
                throw Wrong(value, path, "TYPE_STRING");
            }
        }
    }

    private sealed class FlagType : WireType
    {
        public override void Check(JsonElement value, string path, WireScope scope)
        {
            if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                throw Wrong(value, path, "TYPE_BOOL");
            }
        }
    }

    private sealed class BytesType : WireType
    {
        public override void Check(JsonElement value, string path, WireScope scope)
        {
            if (value.ValueKind != JsonValueKind.String)
            {
                throw Wrong(value, path, "TYPE_BYTES");
            }

            var raw = JsonMarshal.GetRawUtf8Value(value)[1..^1];
            if (raw.Contains((byte)'\\') ? !Base64.IsValid(value.GetString()) : !Base64.IsValid(raw))
            {
                throw ProtocolException.Invalid($"Invalid value at '{path}' (TYPE_BYTES), Base64 decoding failed.");
            }
        }
    }

    private sealed class KindType(JsonValueKind kind, string name) : WireType
    {
        public override void Check(JsonElement value, string path, WireScope scope)
        {
            if (kind != JsonValueKind.Undefined && value.ValueKind != kind)
            {
                throw Wrong(value, path, name);
            }
        }
    }

    private sealed class ChoiceType(string[] values) : WireType
    {
        public override void Check(JsonElement value, string path, WireScope scope)
        {
            if (value.ValueKind != JsonValueKind.String || !values.Contains(value.GetString(), StringComparer.Ordinal))
            {
                throw Wrong(value, path, "TYPE_ENUM");
            }
        }
    }

    private sealed class NumberType(double min, double max, bool whole) : WireType
    {
        public override void Check(JsonElement value, string path, WireScope scope)
        {
            // Proto JSON writes 64-bit integers as text and takes them either way.
            var parsed = value.ValueKind switch
            {
                JsonValueKind.Number => value.TryGetDouble(out var number) ? number : double.NaN,
                JsonValueKind.String when whole => long.TryParse(value.GetString(), out var number) ? number : double.NaN,
                _ => double.NaN,
            };
            if (double.IsNaN(parsed) || parsed < min || parsed > max || (whole && parsed != Math.Floor(parsed)))
            {
                throw Wrong(value, path, whole ? "TYPE_INT64" : "TYPE_DOUBLE");
            }
        }
    }

    private sealed class ListType(WireType item, int max) : WireType
    {
        public override void Check(JsonElement value, string path, WireScope scope)
        {
            if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > max)
            {
                throw Wrong(value, path, "repeated");
            }

            var index = 0;
            foreach (var element in value.EnumerateArray())
            {
                item.Check(element, $"{path}[{index++}]", scope);
            }
        }
    }

    private sealed class MapType(WireType entry) : WireType
    {
        public override void Check(JsonElement value, string path, WireScope scope)
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                throw Wrong(value, path, "map");
            }

            foreach (var property in value.EnumerateObject())
            {
                entry.Check(property.Value, $"{path}[{property.Name}]", scope);
            }
        }
    }

    private sealed class LaterType(Func<WireType> type) : WireType
    {
        public override void Check(JsonElement value, string path, WireScope scope) => type().Check(value, path, scope);
    }
}
