using System.Text.Json;
using System.Text;
using Campaigns.Exotel.Media;
using Campaigns.Testing;

namespace Campaigns.Exotel.Tests.Media;

/// <summary>Our messages, byte for byte.</summary>
public sealed class MediaWriterTests
{
    [Fact]
    public void Write_WhenSnake_IsTheDocumentedForm()
    {
        var writer = new MediaWriter("st-1", NamingStyle.Snake, 8_000, numbered: false);
        var pcm = Messages.Pcm(320);

        Assert.Equal($$$"""{"event":"media","stream_sid":"st-1","media":{"payload":"{{{Convert.ToBase64String(pcm)}}}"}}""", Audio(writer, pcm));
        Assert.Equal("""{"event":"mark","stream_sid":"st-1","mark":{"name":"turn-3-end"}}""", Mark(writer, "turn-3-end"));
        Assert.Equal("""{"event":"clear","stream_sid":"st-1"}""", Clear(writer));
    }

    [Fact]
    public void Write_WhenCamelAndNumbered_CountsChunksAndTime()
    {
        var writer = new MediaWriter("st-1", NamingStyle.Camel, 16_000, numbered: true);
        var pcm = Messages.Pcm(3_200);
        var payload = Convert.ToBase64String(pcm);

        Assert.Equal(
            $$$"""{"event":"media","sequenceNumber":"1","streamSid":"st-1","media":{"chunk":"1","timestamp":"0","payload":"{{{payload}}}"}}""",
            Audio(writer, pcm));
        Assert.Equal("""{"event":"mark","streamSid":"st-1","mark":{"name":"m"}}""", Mark(writer, "m"));
        Assert.Equal("""{"event":"clear","streamSid":"st-1"}""", Clear(writer));
        Assert.Equal(
            $$$"""{"event":"media","sequenceNumber":"4","streamSid":"st-1","media":{"chunk":"2","timestamp":"100","payload":"{{{payload}}}"}}""",
            Audio(writer, pcm));
    }

    [Theory]
    [InlineData(320)]
    [InlineData(3_200)]
    [InlineData(99_840)]
    public void Write_WhateverTheIdAndSize_IsJsonWithinItsRoom(int bytes)
    {
        foreach (var style in (NamingStyle[])[NamingStyle.Snake, NamingStyle.Camel])
        {
            foreach (var numbered in (bool[])[false, true])
            {
                const string Odd = "a\"b\\c\n<é\u2028\U0001F600>";
                var writer = new MediaWriter(Odd, style, 8_000, numbered);
                var pcm = Messages.Pcm(bytes);

                var media = JsonDocument.Parse(Audio(writer, pcm)).RootElement;
                Assert.Equal(pcm, media.GetProperty("media").GetProperty("payload").GetBytesFromBase64());
                Assert.Equal(Odd, media.GetProperty(style == NamingStyle.Snake ? "stream_sid" : "streamSid").GetString());
                Assert.Equal(numbered, media.TryGetProperty(style == NamingStyle.Snake ? "sequence_number" : "sequenceNumber", out _));
                Assert.Equal(Odd, JsonDocument.Parse(Mark(writer, Odd)).RootElement.GetProperty("mark").GetProperty("name").GetString());
                Assert.Equal("clear", JsonDocument.Parse(Clear(writer)).RootElement.GetProperty("event").GetString());
            }
        }
    }

    [Fact]
    public void Write_WhenAudioRepeats_AllocatesNothing()
    {
        var pcm = Messages.Pcm(3_200);
        var into = new byte[8_192];
        foreach (var numbered in (bool[])[false, true])
        {
            var writer = new MediaWriter("st-1", NamingStyle.Snake, 8_000, numbered);
            Assert.Equal(0, Allocation.OfRound(() =>
            {
                for (var i = 0; i < 500; i++)
                {
                    writer.WriteAudio(pcm, into);
                    writer.WriteMark("turn-1", into);
                    writer.WriteClear(into);
                }
            }));
        }
    }

    // Buffers of exactly the room asked for: writing more would throw.
    private static string Audio(MediaWriter writer, byte[] pcm)
    {
        var into = new byte[writer.AudioRoom(pcm.Length)];
        return Encoding.UTF8.GetString(into, 0, writer.WriteAudio(pcm, into));
    }

    private static string Mark(MediaWriter writer, string name)
    {
        var into = new byte[writer.MarkRoom(name)];
        return Encoding.UTF8.GetString(into, 0, writer.WriteMark(name, into));
    }

    private static string Clear(MediaWriter writer)
    {
        var into = new byte[writer.ClearRoom];
        return Encoding.UTF8.GetString(into, 0, writer.WriteClear(into));
    }
}
