using System.Text;
using Campaigns.Exotel.Media;
using Campaigns.Testing;

namespace Campaigns.Exotel.Tests.Media;

/// <summary>Every notation of every message.</summary>
public sealed class MediaReaderTests
{
    [Theory]
    [InlineData("""{"event":"start","stream_sid":"s","start":{"stream_sid":"s","call_sid":"c","media_format":{"sample_rate":"8000"} } }""", NamingStyle.Snake)]
    [InlineData("""{"event":"start","streamSid":"s","start":{"streamSid":"s","callSid":"c","mediaFormat":{"sampleRate":8000} } }""", NamingStyle.Camel)]
    [InlineData("""{"start":{"call_sid":"c","media_format":{"sample_rate":8000.0} },"stream_sid":"s","event":"start"}""", NamingStyle.Snake)]
    [InlineData("""{"event":"start","start":{"streamSid":"s","callSid":"c","mediaFormat":{"sampleRate":"8000"} } }""", NamingStyle.Camel)]
    [InlineData("""{"event":"start","stream_sid":"s","call_sid":"c","start":{"stream_sid":"","media_format":{"sample_rate":"8000"} } }""", NamingStyle.Snake)]
    [InlineData("""{"event":"start","streamSid":"s","start":{"stream_sid":"s","call_sid":"c","media_format":{"sample_rate":"8000"} } }""", NamingStyle.Camel)]
    [InlineData("""{"Event":"START","StreamSid":"s","Start":{"StreamSid":"s","CallSid":"c","MediaFormat":{"SampleRate":"8000"} } }""", NamingStyle.Camel)]
    [InlineData(
        """{ "ev\u0065nt" : "st\u0061rt" ,"x":[[{"event":"no"}]],"stream_sid":"\u0073","start":{"call_sid":"c","y":null,"media_format":{"sample_rate":"8000"} } }""",
        NamingStyle.Snake)]
    public void Start_WhateverTheNotation_IsTheSame(string text, object style)
    {
        var message = Read(text);

        Assert.Equal(MediaMessageKind.Start, message.Kind);
        Assert.Equal(("s", "c", 8_000, (NamingStyle)style), (message.Start!.StreamSid, message.Start.CallSid, message.Start.SampleRate, message.Start.Style));
        Assert.Empty(message.Start.CustomParameters);
    }

    [Theory]
    [InlineData("""{"a":"1","b":2,"c":true,"d":false,"e":null,"f":{"x":1},"g":[1],"h":"\u00e9"}""", "a=1,b=2,c=true,d=false,h=é")]
    [InlineData("\"\"", "")]
    [InlineData("\"a=1\"", "")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("{}", "")]
    [InlineData("""{"a":"\ud800"}""", "")]
    public void Start_WhateverTheParameters_KeepsTexts(string parameters, string expected)
    {
        foreach (var name in (string[])["custom_parameters", "customParameters"])
        {
            var message = Read($$$"""{"event":"start","stream_sid":"s","start":{"call_sid":"c","from":98765,"to":"0\/8","{{{name}}}":{{{parameters}}}} }""");

            Assert.Equal(MediaMessageKind.Start, message.Kind);
            Assert.Equal(expected, string.Join(',', message.Start!.CustomParameters.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}")));
            Assert.Equal(("98765", "0/8", 0), (message.Start.From, message.Start.To, message.Start.SampleRate));
        }
    }

    [Theory]
    [InlineData("\"16000\"", 16_000)]
    [InlineData("24000", 24_000)]
    [InlineData("\"24000.0\"", 24_000)]
    [InlineData("44100", 0)]
    [InlineData("\"8 kHz\"", 0)]
    [InlineData("1e999", 0)]
    [InlineData("[8000]", 0)]
    [InlineData("\"\"", 0)]
    public void Start_WhateverTheRate_TellsOneThatThereIs(string rate, int expected)
        => Assert.Equal(expected, Read($$$"""{"event":"start","stream_sid":"s","start":{"call_sid":"c","media_format":{"sample_rate":{{{rate}}}} } }""").Start!.SampleRate);

    [Fact]
    public void Start_WhenIdsAreAtTheLimit_IsTaken()
    {
        var id = new string('x', 200);
        Assert.Equal(id, Read(Messages.Start(id, id)).Start!.StreamSid);
        Assert.Equal(string.Concat(Enumerable.Repeat("é", 200)), Read(Messages.Start(string.Concat(Enumerable.Repeat("\\u00e9", 200)))).Start!.StreamSid);
        Assert.Equal(MediaFault.BadValue, Read(Messages.Start(id + "x")).Fault);
        Assert.Equal(MediaFault.BadValue, Read(Messages.Start(call: id + "x")).Fault);
        Assert.Equal(MediaFault.BadValue, Read(Messages.Start(stream: "")).Fault);
        Assert.Equal(MediaFault.BadValue, Read(Messages.Start(call: "")).Fault);
        Assert.Equal(MediaFault.BadValue, Read(Messages.Start(call: "\\ud800")).Fault);
    }

    [Theory]
    [InlineData("""{"event":"media","media":{"payload":"$"} }""")]
    [InlineData("""{"media":{"payload":"$"},"event":"media"}""")]
    [InlineData("""{"media":{"chunk":2,"payload":"$","timestamp":100,"z":{"payload":5} },"sequence_number":3,"event":"media","payload":7}""")]
    [InlineData("""{"media":{"payload":"old"},"event":"x","media":{"payload":"$"},"event":"media"}""")]
    [InlineData("""{"event":"MEDIA","MEDIA":{"Payload":"$"} }""")]
    [InlineData(" \r\n\t{\"event\" : \"media\" ,\n\"media\" : { \"payload\" : \"$\" } }\n")]
    public void Media_WhateverTheNotation_HoldsTheSameBytes(string text)
    {
        for (var length = 0; length < 20; length++)
        {
            var pcm = Messages.Pcm(length, seed: length);
            var base64 = Convert.ToBase64String(pcm);
            foreach (var payload in (string[])
                [
                    base64,
                    base64.TrimEnd('='),
                    base64.Replace("/", "\\/", StringComparison.Ordinal),
                    base64.TrimEnd('=').Replace("+", "\\u002B", StringComparison.Ordinal).Replace("/", "\\u002f", StringComparison.Ordinal),
                    string.Join(' ', base64.Chunk(3).Select(c => new string(c))),
                    string.Join("\\r\\n", base64.TrimEnd('=').Chunk(5).Select(c => new string(c))) + "\\t ",
                ])
            {
                var bytes = Encoding.UTF8.GetBytes(text.Replace("$", payload, StringComparison.Ordinal));
                var message = MediaReader.Read(bytes);

                Assert.Equal(MediaMessageKind.Media, message.Kind);
                Assert.True(message.AudioOffset > 0);
                Assert.Equal(pcm, bytes.AsSpan(message.AudioOffset, message.AudioLength).ToArray());
            }
        }
    }

    [Theory]
    [InlineData("A")]
    [InlineData("AAAAA")]
    [InlineData("AA=")]
    [InlineData("AAA==")]
    [InlineData("AA==AAAA")]
    [InlineData("AA==AAA")]
    [InlineData("====")]
    [InlineData("=")]
    [InlineData("AAAA====")]
    [InlineData("AA-_")]
    [InlineData("AAA*")]
    [InlineData("AAé=")]
    [InlineData("AA\\u00e9A")]
    [InlineData("AA\\bA")]
    [InlineData("AA\\u0000")]
    public void Media_WhenNoBase64_IsMalformed(string payload)
        => Assert.Equal(MediaFault.BadBase64, Read($$$"""{"event":"media","media":{"payload":"{{{payload}}}"} }""").Fault);

    [Theory]
    [InlineData("""{"event":"mark","mark":{"name":"a-1"} }""", "a-1")]
    [InlineData("""{"mark":{"name":"a\"\\\u00e9"},"event":"mark","streamSid":"s"}""", "a\"\\é")]
    [InlineData("""{"event":"mark","mark":{"name":17} }""", "17")]
    public void Mark_WhateverTheNotation_TellsItsName(string text, string name)
    {
        Assert.Equal(MediaMessageKind.Mark, Read(text).Kind);
        Assert.Equal(name, Read(text).Text);
    }

    [Theory]
    [InlineData("\"5\"", '5')]
    [InlineData("5", '5')]
    [InlineData("\"*\"", '*')]
    [InlineData("\"\\u0023\"", '#')]
    public void Dtmf_WhateverTheNotation_TellsItsDigit(string digit, char expected)
    {
        var message = Read($$$"""{"event":"dtmf","dtmf":{"digit":{{{digit}}},"duration":100} }""");
        Assert.Equal((MediaMessageKind.Dtmf, expected), (message.Kind, message.Digit));
    }

    [Theory]
    [InlineData("""{"event":"stop","stop":{"reason":"callended"} }""", "callended")]
    [InlineData("""{"event":"stop"}""", "")]
    [InlineData("""{"event":"stop","stop":"x"}""", "")]
    [InlineData("""{"stop":{"reason":{} },"event":"stop"}""", "")]
    public void Stop_WhateverTheNotation_Ends(string text, string reason)
        => Assert.Equal((MediaMessageKind.Stop, reason), (Read(text).Kind, Read(text).Text));

    [Theory]
    [InlineData("""{"event":"connected"}""")]
    [InlineData("""{"event":"connected","protocol":"Call","version":"1.0.0"}""")]
    [InlineData("""{"event":"later","later":{"deep":[{"er":1}]},"media":5}""")]
    [InlineData("""{"event":""}""")]
    [InlineData("""{"event":"\ud800"}""")]
    public void Unknown_WhenAnEvent_IsIgnored(string text) => Assert.Equal(MediaMessageKind.Ignored, Read(text).Kind);

    [Theory]
    [InlineData("", MediaFault.NotJson)]
    [InlineData("x", MediaFault.NotJson)]
    [InlineData("{", MediaFault.NotJson)]
    [InlineData("""{"event":"media","media":{"payload":"AAAA""", MediaFault.NotJson)]
    [InlineData("""{"event":"media","media":{"payload":"AAAA"} } x""", MediaFault.NotJson)]
    [InlineData("""{"event":"media","media":{"payload":"AAAA"} }{}""", MediaFault.NotJson)]
    [InlineData("""{'event':'media'}""", MediaFault.NotJson)]
    [InlineData("""{"\ud800":1,"event":"connected"}""", MediaFault.NotJson)]
    [InlineData("[]", MediaFault.NoEvent)]
    [InlineData("5", MediaFault.NoEvent)]
    [InlineData("null", MediaFault.NoEvent)]
    [InlineData("{}", MediaFault.NoEvent)]
    [InlineData("""{"event":null}""", MediaFault.NoEvent)]
    [InlineData("""{"media":{"payload":"AAAA"} }""", MediaFault.NoEvent)]
    [InlineData("""{"event":5}""", MediaFault.WrongType)]
    [InlineData("""{"event":{"event":"media"} }""", MediaFault.WrongType)]
    [InlineData("""{"event":"media","media":"AAAA"}""", MediaFault.WrongType)]
    [InlineData("""{"event":"media","media":{"payload":5} }""", MediaFault.WrongType)]
    [InlineData("""{"event":"media","media":{"payload":["AAAA"]} }""", MediaFault.WrongType)]
    [InlineData("""{"event":"media","media":{} }""", MediaFault.BadValue)]
    [InlineData("""{"event":"media"}""", MediaFault.BadValue)]
    [InlineData("""{"event":"media","payload":"AAAA"}""", MediaFault.BadValue)]
    [InlineData("""{"event":"mark","mark":[]}""", MediaFault.WrongType)]
    [InlineData("""{"event":"mark","mark":{"name":true} }""", MediaFault.WrongType)]
    [InlineData("""{"event":"mark","mark":{"name":""} }""", MediaFault.BadValue)]
    [InlineData("""{"event":"dtmf","dtmf":{"digit":"55"} }""", MediaFault.BadValue)]
    [InlineData("""{"event":"dtmf","dtmf":{"digit":"A"} }""", MediaFault.BadValue)]
    [InlineData("""{"event":"dtmf","dtmf":{"digit":{} } }""", MediaFault.WrongType)]
    [InlineData("""{"event":"dtmf"}""", MediaFault.BadValue)]
    [InlineData("""{"event":"start"}""", MediaFault.BadValue)]
    [InlineData("""{"event":"start","start":{"stream_sid":["s"],"call_sid":"c"} }""", MediaFault.WrongType)]
    public void Read_WhenMalformed_TellsHow(string text, object fault)
    {
        var message = Read(text);
        Assert.Equal((MediaMessageKind.Malformed, (MediaFault)fault), (message.Kind, message.Fault));
    }

    [Fact]
    public void Read_WhenNestedTooDeep_IsMalformed()
    {
        Assert.Equal(MediaFault.NotJson, Read($$"""{"event":"connected","x":{{new string('[', 100_000)}}""").Fault);
        Assert.Equal(MediaFault.NotJson, Read($$"""{"event":"connected","x":{{new string('[', 40)}}{{new string(']', 40)}}}""").Fault);
        Assert.Equal(MediaMessageKind.Ignored, Read($$"""{"event":"connected","x":{{new string('[', 30)}}{{new string(']', 30)}}}""").Kind);
    }

    [Fact]
    public void Read_WhenAudioRepeats_AllocatesNothing()
    {
        var pcm = Messages.Pcm(3_200);
        byte[][] originals =
        [
            Encoding.UTF8.GetBytes(Messages.Media(pcm)),
            Encoding.UTF8.GetBytes(Messages.Media(pcm).Replace("/", "\\/", StringComparison.Ordinal)),
            Encoding.UTF8.GetBytes(Messages.Media(pcm[..3_199]).Replace("=", "", StringComparison.Ordinal)),
        ];
        var text = new byte[8_192];
        long Pass()
        {
            long heard = 0;
            foreach (var original in originals)
            {
                original.CopyTo(text, 0);
                heard += MediaReader.Read(text.AsSpan(0, original.Length)).AudioLength;
            }

            return heard;
        }

        Assert.Equal(9_599, Pass());
        Assert.Equal(0, Allocation.OfRound(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                Pass();
            }
        }));
    }

    private static MediaMessage Read(string text) => MediaReader.Read(Encoding.UTF8.GetBytes(text));
}
