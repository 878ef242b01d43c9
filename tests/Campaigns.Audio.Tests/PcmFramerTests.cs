using Campaigns.Audio;
using Campaigns.DomainTests;

namespace Campaigns.AudioTests;

public sealed class PcmFramerTests
{
    [Fact]
    public void Read_HoweverTheBytesAreCut_GivesTheSameSamples()
        => Law.Holds(dice =>
        {
            var bytes = new byte[dice.Int(0, 400)];
            dice.Random().NextBytes(bytes);
            var framer = new PcmFramer();
            var samples = new List<short>();
            for (var at = 0; at < bytes.Length;)
            {
                var length = Math.Min(dice.Int(1, 9), bytes.Length - at);
                samples.AddRange(framer.Read(bytes.AsSpan(at, length), new short[PcmFramer.MaxSamples(length)]));
                at += length;
            }

            Assert.Equal(bytes.Chunk(2).Where(pair => pair.Length == 2).Select(pair => (short)(pair[0] | (pair[1] << 8))), samples);
            Assert.Equal(bytes.Length % 2 == 1, framer.HasCarry);
        });

    [Fact]
    public void Read_WhenNothingIsCarried_GivesAViewOfTheChunk()
    {
        Assert.True(BitConverter.IsLittleEndian);
        byte[] chunk = [1, 2, 3, 4, 5];

        var samples = new PcmFramer().Read(chunk, []);
        chunk[0] = 9;

        Assert.Equal([0x0209, 0x0403], samples.ToArray());
    }

    [Fact]
    public void Read_WhenTheChunkIsEmpty_KeepsTheCarry()
    {
        var framer = new PcmFramer();
        framer.Read([0x34], []);

        Assert.Empty(framer.Read([], []).ToArray());

        Assert.Equal([0x1234], framer.Read([0x12], new short[1]).ToArray());
    }

    [Fact]
    public void Read_WhenTheScratchIsTooSmall_SaysSoAndTakesNothing()
    {
        var framer = new PcmFramer();
        framer.Read([0x34], []);

        Assert.Contains("room for 1", Assert.Throws<ArgumentException>(() => framer.Read([0x12, 0x78, 0x56], new short[1])).Message);

        Assert.Equal([0x1234, 0x5678], framer.Read([0x12, 0x78, 0x56], new short[2]).ToArray());
    }

    [Fact]
    public void Reset_DropsTheCarry()
    {
        var framer = new PcmFramer();
        framer.Read([0x34], []);
        framer.Reset();

        Assert.Equal([0x0201], framer.Read([1, 2], []).ToArray());
    }

    [Fact]
    public void Write_ThenRead_GivesTheSamplesBack_LittleEndian()
    {
        short[] samples = [0x1234, -2, short.MinValue, short.MaxValue];
        var bytes = new byte[8];
        var back = new short[4];

        PcmBytes.Write(samples, bytes);
        PcmBytes.Read(bytes, back);

        Assert.Equal([0x34, 0x12, 0xFE, 0xFF, 0x00, 0x80, 0xFF, 0x7F], bytes);
        Assert.Equal(samples, back);
        Assert.Equal(samples, PcmBytes.AsSamples(bytes, []).ToArray());
    }

    [Fact]
    public void BadSizes_AreRefused()
    {
        Assert.Contains("3 bytes", Assert.Throws<ArgumentException>(() => PcmBytes.Read(new byte[3], new short[2])).Message);
        Assert.Throws<ArgumentException>(() => PcmBytes.Read(new byte[4], new short[1]));
        Assert.Contains("need 4 bytes", Assert.Throws<ArgumentException>(() => PcmBytes.Write(new short[2], new byte[3])).Message);
    }
}
