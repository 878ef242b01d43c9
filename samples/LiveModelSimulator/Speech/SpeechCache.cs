using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using SpokenTones;

namespace LiveModelSimulator;

/// <summary>
/// Sentences as encoded messages, made once: what many sessions say costs no more than sending it. Past its capacity it starts over.
/// </summary>
internal sealed class SpeechCache(int chunkMs)
{
    public const int Rate = 24_000;

    private const int Capacity = 1_000;

    private readonly ConcurrentDictionary<(string Text, LineStyle Style), SpokenLine> _lines = new();
    private readonly ConcurrentDictionary<(int Ms, LineStyle Style), SpokenLine> _tones = new();

    /// <summary>A sentence of at most <see cref="Template.LongestPiece"/> characters of printable ASCII.</summary>
    public SpokenLine Get(string text, LineStyle style)
    {
        if (_lines.Count > Capacity)
        {
            _lines.Clear();
        }

        return _lines.GetOrAdd((text, style), key => Encode(key.Text, ToneVoice.Speak(key.Text, Rate, ToneSpeaker.Agent), key.Style));
    }

    /// <summary>A tone that says nothing.</summary>
    public SpokenLine Tone(int ms, LineStyle style) => _tones.GetOrAdd(
        (ms, style with { Transcription = TranscriptionStyle.None }),
        key => Encode("(tone)", ToneVoice.Beep(440, key.Ms, Rate), key.Style));

    private SpokenLine Encode(string text, short[] speech, LineStyle style)
    {
        var pcm = new short[(style.LeadInMs * Rate / 1000) + speech.Length];
        speech.CopyTo(pcm, pcm.Length - speech.Length);
        var bytes = LittleEndian(pcm);
        var size = chunkMs * Rate / 1000 * sizeof(short);
        var chunks = (bytes.Length + size - 1) / size;
        var fragments = style.Transcription == TranscriptionStyle.None ? [] : Fragments(text);
        var frames = new List<SpokenFrame>();
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var audio = bytes.AsMemory(chunk * size, Math.Min(size, bytes.Length - (chunk * size)));
            var start = (double)chunk * chunkMs;

            // The words run ahead of the sound: all of them are out when two thirds of it are.
            var words = fragments.Where((_, i) => i * chunks * 2 / (3 * fragments.Count) == chunk).ToList();
            if (style.Transcription == TranscriptionStyle.Apart)
            {
                frames.AddRange(words.Select(w => new SpokenFrame(ServerMessages.OutputTranscription(w, finished: false), start, 0)));
            }

            var together = style.Transcription == TranscriptionStyle.Together;
            var transcription = together && words.Count > 0 ? string.Concat(words) : null;
            frames.Add(new SpokenFrame(
                ServerMessages.Audio(audio.Span, transcription, style.UnknownFields, halves: together && chunk == 1),
                start,
                audio.Length * 1000.0 / (Rate * sizeof(short)),
                Begins: style.LeadInMs / chunkMs == chunk));
        }

        var length = pcm.Length * 1000.0 / Rate;
        if (style.Transcription == TranscriptionStyle.Late)
        {
            frames.AddRange(fragments.Select(w => new SpokenFrame(ServerMessages.OutputTranscription(w, finished: false), length, 0)));
        }

        return new SpokenLine(text, frames, length);
    }

    /// <summary>Words, each with the blank before it, as the vendor splits its transcriptions.</summary>
    public static IReadOnlyList<string> Fragments(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((word, i) => i == 0 ? word : $" {word}")];

    private static byte[] LittleEndian(short[] pcm)
    {
        if (BitConverter.IsLittleEndian)
        {
            return MemoryMarshal.AsBytes<short>(pcm).ToArray();
        }

        var bytes = new byte[pcm.Length * sizeof(short)];
        for (var i = 0; i < pcm.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(i * sizeof(short)), pcm[i]);
        }

        return bytes;
    }
}
