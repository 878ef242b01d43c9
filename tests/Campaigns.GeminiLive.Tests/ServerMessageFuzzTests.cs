using System.Text;
using Campaigns.GeminiLive.Wire;
using Xunit.Abstractions;

namespace Campaigns.GeminiLive.Tests;

/// <summary>Tests that take every core for seconds: they run by themselves, or the others would wait for threads.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HeavyTests
{
    public const string Name = "Heavy";
}

/// <summary>A million broken messages: none throws, none hangs, none leaves half a sample or grows memory.</summary>
[Collection(HeavyTests.Name)]
public sealed class ServerMessageFuzzTests(ITestOutputHelper output)
{
    private const int Inputs = 1_000_000;

    private static readonly byte[][] Seeds =
    [
        .. new[]
        {
            """{"setupComplete":{"sessionId":"abc"}}""",
            """{"serverContent":{"modelTurn":{"role":"model","parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AQIDBAUGBwgJCgsMDQ4PEA=="}}]}}}""",
            """{"serverContent":{"modelTurn":{"parts":[{"text":"hm","thought":true},{"inlineData":{"data":"AQ-_BA","mimeType":"audio/pcm;rate=16000"}}]},"turnComplete":true}}""",
            """{"serverContent":{"inputTranscription":{"text":" \u0928\u092e\u0938\u094d\u0924\u0947"},"outputTranscription":{"text":" hello \ud83d\ude00"},"interrupted":true,"turnCompleteReason":"X"}}""",
            """{"toolCall":{"functionCalls":[{"id":"1","name":"end_call","args":{"reason":"done","n":[1,2.5e3,-0]}},{"name":"x"}]}}""",
            """{"toolCallCancellation":{"ids":["1","2"]},"goAway":{"timeLeft":"9.5s"}}""",
            """{"sessionResumptionUpdate":{"newHandle":"abcdefgh","resumable":true}}""",
            """{"usageMetadata":{"promptTokenCount":123,"responseTokenCount":45,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":99}]}}""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[][] Names =
    [
        .. new[]
        {
            "serverContent", "serverContent", "toolCall", "toolCallCancellation", "usageMetadata", "goAway", "sessionResumptionUpdate",
            "setupComplete", "modelTurn", "modelTurn", "inputTranscription", "outputTranscription", "interrupted", "turnComplete",
            "functionCalls", "ids", "timeLeft", "newHandle", "resumable", "parts", "parts", "text", "promptTokenCount", "promptTokensDetails",
            "inlineData", "inlineData", "thought", "id", "name", "args", "modality", "tokenCount", "mimeType", "data", "data", "unheardOf",
        }.Select(n => Encoding.UTF8.GetBytes($"\"{n}\":")),
    ];

    private static readonly byte[][] Values =
    [
        .. new[]
        {
            "true", "false", "null", "0", "-1", "7", "1e400", "123456789012345678901234567890", "0.5", "{}", "[]", "\"\"", "\"x\"", "\"9.5s\"", "\"NaN\"",
            "\"AQID\"", "\"AQ==\"", "\"-_+/\"", "\"A\"", "\"\\u0041QID\"", "\"\\ud83d\\ude00\"", "\"audio/pcm;rate=24000\"", "\"audio/pcm;rate=8000\"", "\"AUDIO\"", "\"12\"",
            "[{\"modality\":\"AUDIO\",\"tokenCount\":5}]", "[{\"inlineData\":{\"data\":\"AQIDBA\"}}]", "[{\"name\":\"f\",\"args\":{\"a\":[1]}}]",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[][] Shreds =
    [
        .. new[]
        {
            "\"", "{", "}", "[", "]", ":", ",", "\\", "\\u", "\\ud800", "null", "true", "1e999999", "-", "99999999999999999999999999999999", "/*", "\0",
            "\"data\":", "\"parts\":[", "\"serverContent\":{", "\"text\":\"", "\"functionCalls\":[{", "\"timeLeft\":\"1e308s\"", "audio/pcm;rate=",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90], [0xEF, 0xBB, 0xBF],
    ];

    [Fact]
    public void Read_WhateverItIsGiven_NeitherThrowsNorKeepsGarbage()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"Seed {seed}");
        var workers = Math.Max(2, Environment.ProcessorCount);
        var failures = new string?[workers];
        var good = new long[workers];
        Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, worker =>
        {
            var random = new Random(HashCode.Combine(seed, worker));
            using var message = new ServerMessage();
            var input = new byte[4_096];
            for (var i = 0; i < Inputs / workers && failures[worker] is null; i++)
            {
                // Most of them well-formed, so that they get past the JSON parser.
                var length = random.Next(4) == 0 ? Mutate(random, input) : Generate(random, input);
                try
                {
                    good[worker] += ServerMessageReader.TryRead(input.AsSpan(0, length), message) ? 1 : 0;
                    failures[worker] = Complaint(message);
                }
                catch (Exception e)
                {
                    failures[worker] = e.ToString();
                }

                failures[worker] = failures[worker] is { } why ? $"{why} on {Convert.ToHexString(input.AsSpan(0, length))}" : null;
            }
        });
        Assert.All(failures, Assert.Null);

        // The mutations must leave a good part readable, or nothing behind the JSON parser is tested.
        Assert.InRange(good.Sum(), Inputs / 2, Inputs);
    }

    [Fact]
    public void Read_WhenMessagesAreHuge_TakesLinearTimeAndGivesTheMemoryBack()
    {
        using var message = new ServerMessage();
        var many = Encoding.UTF8.GetBytes(
            "{\"serverContent\":{" + string.Join(',', Enumerable.Repeat("\"inputTranscription\":{\"text\":\"abcdefgh\"}", 200_000)) + "}}");
        Assert.True(ServerMessageReader.TryRead(many, message));
        Assert.Equal("abcdefgh", message.Heard);
        var sound = Encoding.UTF8.GetBytes(
            "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"inlineData\":{\"data\":\"" + new string('A', 12_000_000) + "\"}}]}}}");
        Assert.True(ServerMessageReader.TryRead(sound, message));
        Assert.Equal(9_000_000, message.Audio.Length);
        Assert.True(ServerMessageReader.TryRead("{}"u8, message));
        Assert.Equal(0, message.Sound.Capacity);
    }

    /// <summary>An object of names the reader knows, in places and with values it may not expect.</summary>
    private static int Generate(Random random, byte[] into)
    {
        var length = 0;
        Object(random, into, ref length, 0);
        return length;
    }

    private static void Object(Random random, byte[] into, ref int length, int depth)
    {
        Put("{"u8, into, ref length);
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            // From the top down the names are mostly where they belong.
            Put(Names[Math.Min(Names.Length - 1, (depth * 7) + random.Next(9))], into, ref length);
            Value(random, into, ref length, depth + 1);
            Put(i > 1 ? ","u8 : "}"u8, into, ref length);
        }
    }

    private static void Value(Random random, byte[] into, ref int length, int depth)
    {
        switch (depth < 6 ? random.Next(4) : 3)
        {
            case 0:
            case 1:
                Object(random, into, ref length, depth);
                break;
            case 2:
                Put("["u8, into, ref length);
                Value(random, into, ref length, depth + 1);
                Put("]"u8, into, ref length);
                break;
            default:
                Put(Values[random.Next(Values.Length)], into, ref length);
                break;
        }
    }

    private static void Put(ReadOnlySpan<byte> text, byte[] into, ref int length)
    {
        text.CopyTo(into.AsSpan(length));
        length += text.Length;
    }

    private static int Mutate(Random random, byte[] into)
    {
        var source = Seeds[random.Next(Seeds.Length)];
        source.CopyTo(into, 0);
        var length = source.Length;
        for (var times = random.Next(1, 4); times > 0 && length > 0; times--)
        {
            var at = random.Next(length);
            switch (random.Next(7))
            {
                case 0:
                    into[at] = (byte)random.Next(256);
                    break;
                case 1:
                    length = at;
                    break;
                case 2:
                    var shred = Shreds[random.Next(Shreds.Length)];
                    into.AsSpan(at, length - at).CopyTo(into.AsSpan(at + shred.Length));
                    shred.CopyTo(into, at);
                    length += shred.Length;
                    break;
                case 3:
                    var cut = Math.Min(random.Next(1, 12), length - at);
                    into.AsSpan(at + cut, length - at - cut).CopyTo(into.AsSpan(at));
                    length -= cut;
                    break;
                case 4:
                    // The end of another message, as if a frame had been lost between them.
                    var other = Seeds[random.Next(Seeds.Length)];
                    var from = random.Next(other.Length);
                    other.AsSpan(from).CopyTo(into.AsSpan(at));
                    length = at + other.Length - from;
                    break;
                case 5:
                    into[at] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    var depth = Math.Min(random.Next(1, 200), into.Length - length - 1);
                    into.AsSpan(at, length - at).CopyTo(into.AsSpan(at + depth));
                    into.AsSpan(at, depth).Fill(random.Next(2) == 0 ? (byte)'[' : (byte)'{');
                    length += depth;
                    break;
            }
        }

        return length;
    }

    private static string? Complaint(ServerMessage message)
        => message.Audio.Length % 2 != 0 ? "half a sample"
        : message.Audio.Length > 4_096 ? "audio from nowhere"
        : message.Sound.Length > 4_097 ? "audio piles up"
        : message.TimeLeft is { } left && (left < TimeSpan.Zero || left > TimeSpan.FromHours(1)) ? $"time left {left}"
        : message.Usage is { } usage && (usage.InputText < 0 || usage.InputAudio < 0 || usage.OutputText < 0 || usage.OutputAudio < 0) ? $"usage {usage}"
        : message.Calls.Any(c => c.Name.Length == 0 || !JsonText.IsObject(c.ArgumentsJson)) ? "a call that is none"
        : null;
}
