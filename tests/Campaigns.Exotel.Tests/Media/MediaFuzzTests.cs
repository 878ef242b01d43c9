using System.Text;
using Campaigns.Exotel.Media;

namespace Campaigns.Exotel.Tests.Media;

/// <summary>A million inputs: none throws, none hangs, and what is read lies within its message.</summary>
public sealed class MediaFuzzTests
{
    private const int Inputs = 1_000_000;
    private const int Workers = 8;
    private const int Longest = 2_048;

    // Set it to the seed of a failure to repeat it.
    private const int Seed = 20_260_302;

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e400", "123456789012345678901234567890", "0.0000000000000000000001", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "[]",
        "{}", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "\"AAA\"", "\"A\\/A=\"", "\"5\"", "\"media\"", "\"start\"", "{\"payload\":\"AAAA\"}", "{\"name\":\"x\"}",
        "{\"event\":\"stop\"}", "\"\u00e9\"", "\ufeff", "}", "]", ",", ":", "\"", "\\", "//", "/*",
    ];

    [Fact]
    public void Read_WhateverComes_NeitherThrowsNorHangs()
    {
        byte[][] valid =
        [
            .. new[]
            {
                Messages.Start(), Messages.Start().Replace("_sid", "Sid", StringComparison.Ordinal), Messages.Media(Messages.Pcm(160)),
                Messages.Media(Messages.Pcm(7)).Replace("=", "", StringComparison.Ordinal), Messages.Media(Messages.Pcm(64)).Replace("/", "\\/", StringComparison.Ordinal),
                Messages.Mark("a"), Messages.Dtmf("5"), Messages.Stop, """{"event":"connected"}""",
            }.Select(Encoding.UTF8.GetBytes),
        ];
        var kinds = new long[Enum.GetValues<MediaMessageKind>().Length];
        Parallel.For(0, Workers, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, worker =>
        {
            var random = new Random(Seed + worker);
            var input = new byte[Longest];
            var text = new byte[Longest];
            for (var i = 0; i < Inputs / Workers; i++)
            {
                var length = Make(random, valid, input);
                input.AsSpan(0, length).CopyTo(text);
                try
                {
                    var message = MediaReader.Read(text.AsSpan(0, length));
                    Interlocked.Increment(ref kinds[(int)message.Kind]);
                    Check(message, length);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"Seed {Seed}, worker {worker}, input {i}: {Convert.ToBase64String(input, 0, length)}", e);
                }
            }
        });

        Assert.Equal(Inputs, kinds.Sum());

        // The mutations reach all of the reader.
        Assert.All(kinds, count => Assert.True(count > 1_000, $"Kinds were read this often: {string.Join(", ", kinds)}"));
    }

    private static int Make(Random random, byte[][] valid, byte[] input)
    {
        switch (random.Next(10))
        {
            case 0:
                var noise = random.Next(200);
                random.NextBytes(input.AsSpan(0, noise));
                return noise;
            case 1:
                // Tokens in any order.
                var at = 0;
                for (var n = random.Next(20); n > 0; n--)
                {
                    at = Append(input, at, Encoding.UTF8.GetBytes(Values[random.Next(Values.Length)]));
                }

                return at;
            default:
                return Mutate(random, valid[random.Next(valid.Length)], valid[random.Next(valid.Length)], input);
        }
    }

    private static int Mutate(Random random, byte[] message, byte[] other, byte[] input)
    {
        var length = Append(input, 0, message);
        for (var n = random.Next(4); n > 0 && length > 0; n--)
        {
            var at = random.Next(length);
            switch (random.Next(7))
            {
                case 0:
                    input[at] = (byte)random.Next(256);
                    break;
                case 1:
                    input[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    length = at;
                    break;
                case 3:
                    // A piece goes.
                    var gone = random.Next(Math.Min(30, length - at));
                    input.AsSpan((at + gone)..length).CopyTo(input.AsSpan(at));
                    length -= gone;
                    break;
                case 4:
                    // A value becomes another one.
                    var colon = input.AsSpan(at, length - at).IndexOf((byte)':');
                    var start = colon < 0 ? at : at + colon + 1;
                    var end = input.AsSpan(start, length - start).IndexOfAny((byte)',', (byte)'}');
                    var rest = input[(end < 0 ? length : start + end)..length];
                    length = Append(input, start, Encoding.UTF8.GetBytes(Values[random.Next(Values.Length)]));
                    length = Append(input, length, rest);
                    break;
                case 5:
                    // Another message goes on from here.
                    length = Append(input, at, other.AsSpan(random.Next(other.Length)));
                    break;
                default:
                    var depth = random.Next(1, 200);
                    input.AsSpan(length, Math.Min(depth, Longest - length)).Fill((byte)(random.Next(2) == 0 ? '[' : '{'));
                    length = Math.Min(length + depth, Longest);
                    break;
            }
        }

        return length;
    }

    private static int Append(byte[] input, int at, ReadOnlySpan<byte> bytes)
    {
        var fits = Math.Min(bytes.Length, Longest - at);
        bytes[..fits].CopyTo(input.AsSpan(at));
        return at + fits;
    }

    private static void Check(MediaMessage message, int length)
    {
        var ok = message.Kind switch
        {
            MediaMessageKind.Media => message.AudioOffset > 0 && message.AudioLength >= 0 && message.AudioOffset + message.AudioLength <= length,
            MediaMessageKind.Mark => message.Text is { Length: > 0 and <= 200 },
            MediaMessageKind.Stop => message.Text is { Length: <= 200 },
            MediaMessageKind.Dtmf => message.Digit is (>= '0' and <= '9') or '*' or '#',
            MediaMessageKind.Start => message.Start is
            {
                StreamSid.Length: > 0 and <= 200, CallSid.Length: > 0 and <= 200, From.Length: <= 200, To.Length: <= 200,
                SampleRate: 0 or 8_000 or 16_000 or 24_000, CustomParameters.Count: <= 16,
            },
            MediaMessageKind.Malformed => message.Fault != MediaFault.None,
            _ => message.Start is null && message.Text is null,
        };
        if (!ok)
        {
            throw new InvalidOperationException($"A {message.Kind} out of its bounds.");
        }
    }
}
