using System.Text;

namespace Campaigns.Domain.Prompts;

/// <summary>Writes a fenced block of data. Lines that do not fit any more are left out whole.</summary>
internal sealed class DataBlock(int longest)
{
    private readonly StringBuilder _lines = new();

    internal bool IsEmpty => _lines.Length == 0;

    /// <summary>Characters of the lines, line breaks included.</summary>
    internal int Length => _lines.Length;

    /// <summary>Adds a line of clean text; false when there is no room for it.</summary>
    internal bool Add(string line)
    {
        if (_lines.Length + line.Length + 1 > longest)
        {
            return false;
        }

        _lines.Append(line).Append('\n');
        return true;
    }

    public override string ToString() => $"{DataText.Open}\n{_lines}{DataText.Close}";
}
