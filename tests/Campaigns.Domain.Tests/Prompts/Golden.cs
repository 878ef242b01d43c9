using System.Text;

namespace Campaigns.DomainTests.Prompts;

/// <summary>Texts that are compared with files, byte for byte. <c>GOLDEN_FOLDER</c> names a folder to write them to instead.</summary>
internal static class Golden
{
    internal static void Equal(string name, string actual)
    {
        if (Environment.GetEnvironmentVariable("GOLDEN_FOLDER") is { Length: > 0 } folder)
        {
            File.WriteAllBytes(Path.Combine(folder, name), Encoding.UTF8.GetBytes(actual));
        }

        var expected = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Prompts", "Golden", name));
        Assert.Equal(Encoding.UTF8.GetString(expected), actual);
        Assert.Equal(expected, Encoding.UTF8.GetBytes(actual));
    }
}
