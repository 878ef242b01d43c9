using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Campaigns.Simulation.Virtual;

/// <summary>What happened, in words, for whoever looks into a failing seed. Costs nothing unless it is on.</summary>
internal sealed class Trace(Kernel kernel, bool on)
{
    private readonly List<string> _lines = [];

    public bool On { get; } = on;

    public IReadOnlyList<string> Lines => _lines;

    public void Say([InterpolatedStringHandlerArgument("")] Text text)
    {
        if (On)
        {
            _lines.Add($"{TimeSpan.FromTicks(kernel.Now).TotalSeconds,8:F3}  {text.Take()}");
        }
    }

    /// <summary>Formats only when somebody is to read it.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Text
    {
        private readonly StringBuilder? _builder;

        public Text(int literalLength, int formattedCount, Trace trace, out bool shouldAppend)
        {
            shouldAppend = trace.On;
            _builder = trace.On ? new StringBuilder(literalLength + (formattedCount * 8)) : null;
        }

        public void AppendLiteral(string value) => _builder!.Append(value);

        public void AppendFormatted<T>(T value) => _builder!.Append(value);

        public void AppendFormatted<T>(T value, string format)
            where T : IFormattable => _builder!.Append(value.ToString(format, CultureInfo.InvariantCulture));

        internal string Take() => _builder!.ToString();
    }
}
