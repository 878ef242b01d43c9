using System.Text;
using Campaigns.Audio;

namespace Campaigns.AudioTests;

public sealed class WavFileTests
{
    [Fact]
    public void ReadHeader_OfAForeignFile_SkipsOtherChunks_AndStopsAtTheDeclaredEnd()
    {
        var file = File("RIFF", 24 + 12 + 8 + 6 + 8 + 4 + 4, "WAVE", Chunk("LIST", [1, 2, 3, 0], 3), Format(), Chunk("data", [1, 0, 2, 0, 3, 0]), Chunk("cue ", [9, 9, 9, 9]));

        var header = WavFile.ReadHeader(file);

        Assert.Equal(new WavHeader(16000, 1, 16, 56, 6, 6, IsStale: false), header);
        Assert.Equal(3, header.Frames);
        Assert.Equal(header, WavFile.Repair(file));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(4u)]
    [InlineData(1000u)]
    [InlineData(uint.MaxValue)]
    public void ReadHeader_WhenTheSizesAreStale_CountsWhatIsThere(uint declared)
    {
        var file = File("RIFF", declared == uint.MaxValue ? declared : declared + 36, "WAVE", Format(), Chunk("data", [1, 0, 2, 0, 3, 0, 4], declared));

        var header = WavFile.ReadHeader(file);

        Assert.True(header.IsStale);
        Assert.Equal(declared, header.DeclaredBytes);
        Assert.Equal(3, header.Frames);
        var repaired = WavFile.Repair(file);
        Assert.Equal(6, repaired.DeclaredBytes);
        Assert.Equal(50, file.Length);
        Assert.Equal(repaired, WavFile.ReadHeader(file));
    }

    [Fact]
    public void Repair_WhenTheSamplesBeginElsewhere_RefusesAndChangesNothing()
    {
        var file = File("RIFF", 0, "WAVE", Chunk("LIST", [1, 2]), Format(), Chunk("data", [1, 0, 2], 0));
        var before = file.ToArray();

        Assert.Contains("byte 54", Assert.Throws<InvalidDataException>(() => WavFile.Repair(file)).Message);

        Assert.Equal(before, file.ToArray());
    }

    [Fact]
    public void ReadHeader_OfAnythingElse_SaysWhatIsWrong()
    {
        Assert.Contains("RIFF", Error(new MemoryStream()));
        Assert.Contains("RIFF", Error(File("RIFX", 100, "WAVE", Format())));
        Assert.Contains("RIFF", Error(File("RIFF", 100, "AVI ", Format())));
        Assert.Contains("no samples", Error(File("RIFF", 100, "WAVE", Format())));
        Assert.Contains("no samples", Error(File("RIFF", 100, "WAVE", Chunk("data", [1, 2]), Format())));
        Assert.Contains("no samples", Error(File("RIFF", 100, "WAVE", Chunk("fmt ", [1, 2]), Chunk("data", [1, 2]))));
        Assert.Contains("no samples", Error(File("RIFF", 100, "WAVE", [.. Enumerable.Repeat(Chunk("junk", []), 5000)])));
        Assert.Contains("coding 7", Error(File("RIFF", 100, "WAVE", Format(coding: 7), Chunk("data", [1, 2]))));
        Assert.Contains("0 channels", Error(File("RIFF", 100, "WAVE", Format(channels: 0), Chunk("data", [1, 2]))));
        Assert.Contains("7 bits", Error(File("RIFF", 100, "WAVE", Format(bits: 7), Chunk("data", [1, 2]))));
        Assert.Contains(" 0 Hz", Error(File("RIFF", 100, "WAVE", Format(rate: 0), Chunk("data", [1, 2]))));
    }

    [Fact]
    public void ReadHeader_OfRandomBytesInAHeader_NeverFailsInAnotherWay()
    {
        var random = new Random(5);
        var good = File("RIFF", 42, "WAVE", Format(), Chunk("data", [1, 0, 2, 0, 3, 0])).ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = good[..random.Next(good.Length + 1)];
            for (var change = random.Next(4); change > 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                var header = WavFile.ReadHeader(new MemoryStream(bytes));
                Assert.InRange(header.DataBytes, 0, bytes.Length - header.DataOffset);
            }
            catch (InvalidDataException)
            {
                // What a broken header is answered with.
            }
        }
    }

    private static string Error(Stream stream) => Assert.Throws<InvalidDataException>(() => WavFile.ReadHeader(stream)).Message;

    private static MemoryStream File(string form, uint size, string kind, params byte[][] chunks)
    {
        var file = new MemoryStream();
        file.Write([.. Encoding.ASCII.GetBytes(form), .. BitConverter.GetBytes(size), .. Encoding.ASCII.GetBytes(kind), .. chunks.SelectMany(c => c)]);
        return file;
    }

    private static byte[] Chunk(string name, byte[] content, uint? size = null)
        => [.. Encoding.ASCII.GetBytes(name), .. BitConverter.GetBytes(size ?? (uint)content.Length), .. content];

    private static byte[] Format(short coding = 1, short channels = 1, int rate = 16000, short bits = 16)
        => Chunk("fmt ", [.. BitConverter.GetBytes(coding), .. BitConverter.GetBytes(channels), .. BitConverter.GetBytes(rate), .. BitConverter.GetBytes(rate * 2), .. BitConverter.GetBytes((short)2), .. BitConverter.GetBytes(bits)]);
}
