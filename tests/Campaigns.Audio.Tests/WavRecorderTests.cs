using Campaigns.Audio;
using Campaigns.DomainTests;

namespace Campaigns.AudioTests;

public sealed class WavRecorderTests : IDisposable
{
    // As many blocks may wait as a whole test has, unless the disk is what it is about.
    private static readonly RecordingOptions Small = Blocks(queued: 1000);

    private readonly string _folder = Directory.CreateTempSubdirectory("recorder-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Create_ThenTalk_GivesAFileOfTwoChannels_AlignedByPosition()
    {
        var path = Path.Combine(_folder, "call.wav");
        await using (var recorder = WavRecorder.Create(path, new RecordingOptions(), e => Assert.Fail(e.Message)))
        {
            recorder.WritePerson(100, [1, 2, 3]);
            recorder.WriteAgent(101, [11, 12, 13, 14]);
            recorder.WritePerson(20_000, [4, 5]);
            await recorder.CompleteAsync();
            Assert.Equal(20_002, recorder.WrittenFrames);
            Assert.Equal(0, recorder.SkippedSamples);
            Assert.Equal(0, recorder.LostFrames);
        }

        await using var file = File.OpenRead(path);
        var header = WavFile.ReadHeader(file);
        Assert.Equal(new WavHeader(8000, 2, 16, 44, 80_008, 80_008, IsStale: false), header);
        Assert.Equal(TimeSpan.FromTicks(25_002_500), header.Duration);
        var (left, right) = Channels(file, header);
        Assert.Equal([0, 1, 2, 3, 0, 0], left[99..105]);
        Assert.Equal([0, 0, 11, 12, 13, 14, 0], right[99..106]);
        Assert.Equal([0, 4, 5], left[19_999..]);
        Assert.Equal(6, left.Concat(right).Count(s => s != 0) - 3);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public Task AnyCall_IsRecordedAsItWasHeard() => Task.Run(() => Law.Holds(RecordAny, cases: 100, throws: 200));

    [Fact]
    public async Task File_CutAtAnyByteOfAnyWrite_CanBeRead_AndNeverClaimsMoreThanThereIs()
    {
        var journal = new JournalStream();
        var recorder = new WavRecorder(() => journal, Small, null);
        var random = new Random(1);
        // 65,536 bytes are passed, where the sizes carry from one byte to the next.
        for (var position = 0; position < 24_000; position += 160)
        {
            recorder.WritePerson(position, Signals.Wild(160, position));
            recorder.WriteAgent(position, Signals.Wild(random.Next(200), position));
        }

        await recorder.CompleteAsync();
        Assert.Equal(0, recorder.LostFrames);
        var whole = journal.Copy().ToArray();
        Assert.True(journal.Writes > 50);
        for (var write = 1; write < journal.Writes; write++)
        {
            var length = journal.LengthOf(write);
            foreach (var bytes in length < 10 ? Enumerable.Range(0, length) : [0, 1, 2, 3, 5, length / 2, length - 1])
            {
                using var file = journal.After(write, bytes);
                var there = file.Length - 44;

                var header = WavFile.ReadHeader(file);

                Assert.InRange(header.DeclaredBytes, 0, there);
                Assert.InRange(BitConverter.ToUInt32(file.GetBuffer(), 4), 36u, (uint)file.Length - 8);
                Assert.InRange(header.DataBytes, there - 3, there);
                Assert.Equal(whole[44..(int)(44 + header.DataBytes)], file.ToArray()[44..(int)(44 + header.DataBytes)]);

                var repaired = WavFile.Repair(file);

                Assert.Equal(repaired, WavFile.ReadHeader(file));
                Assert.False(repaired.IsStale);
                Assert.Equal(header.DataBytes, repaired.DeclaredBytes);
                Assert.Equal(44 + header.DataBytes, file.Length);
            }
        }
    }

    [Fact]
    public async Task File_WhileTheCallRuns_GrowsBlockByBlock()
    {
        var journal = new JournalStream();
        await using var recorder = new WavRecorder(() => journal, Small, null);

        recorder.WritePerson(0, Signals.Wild(8000, 1));
        // 1000 ms less 40 that may still change are 19 whole blocks of 50 ms.
        await journal.WaitForFlushesAsync(19);

        var header = WavFile.ReadHeader(journal.Copy());
        Assert.False(header.IsStale);
        Assert.Equal(7600, header.Frames);
    }

    [Fact]
    public async Task TruncateAgent_LeavesOutWhatWasNeverHeard()
    {
        var journal = new JournalStream();
        var recorder = new WavRecorder(() => journal, Small, null);
        recorder.WriteAgent(0, Enumerable.Repeat((short)7, 800).ToArray());
        recorder.WritePerson(0, Enumerable.Repeat((short)3, 300).ToArray());

        recorder.TruncateAgent(300);

        recorder.WriteAgent(350, [9, 9]);
        recorder.WritePerson(300, Enumerable.Repeat((short)3, 200).ToArray());
        await recorder.CompleteAsync();
        var (left, right) = Channels(journal.Copy());
        Assert.Equal(Enumerable.Repeat((short)3, 500), left);
        Assert.Equal([.. Enumerable.Repeat((short)7, 300), .. new short[50], 9, 9, .. new short[148]], right);
    }

    [Fact]
    public async Task CompleteAsync_LeavesOutWhatTheAgentHadYetToSay()
    {
        var journal = new JournalStream();
        var recorder = new WavRecorder(() => journal, Small, null);
        recorder.WritePerson(0, new short[100]);
        recorder.WriteAgent(50, Enumerable.Repeat((short)7, 500).ToArray());

        await recorder.CompleteAsync();

        Assert.Equal([.. new short[50], .. Enumerable.Repeat((short)7, 50)], Channels(journal.Copy()).Right);
        recorder.WritePerson(100, new short[10]);
        recorder.WriteAgent(100, new short[10]);
        Assert.Equal(20, recorder.SkippedSamples);
        Assert.False(recorder.Advance(500));
        await recorder.CompleteAsync();
    }

    [Fact]
    public async Task WrongPositions_AreLeftOutAndCounted()
    {
        var journal = new JournalStream();
        await using var recorder = new WavRecorder(() => journal, Small, null);
        Assert.True(recorder.Advance(8000));
        await journal.WaitForFlushesAsync(19);

        recorder.WritePerson(7598, [1, 1, 1, 1]);
        recorder.WriteAgent(0, [1, 1]);
        recorder.WriteAgent(long.MinValue, [1]);
        recorder.WritePerson(long.MinValue, [1]);
        recorder.WriteAgent(long.MaxValue, [1]);
        recorder.WritePerson(long.MaxValue, [1]);
        recorder.WriteAgent(9120, [1]);
        Assert.False(recorder.Advance(8000 + (8000L * 3600) + 1));

        Assert.Equal(2 + 2 + 1 + 1 + 1 + 1 + 1, recorder.SkippedSamples);
        await recorder.CompleteAsync();
        var (left, right) = Channels(journal.Copy());
        Assert.Equal(8000, left.Length);
        Assert.Equal([7600, 7601], Enumerable.Range(0, 8000).Where(i => left[i] != 0));
        Assert.All(right, s => Assert.Equal(0, s));
    }

    [Fact]
    public async Task Disk_WhenItHangs_HoldsUpNobody_AndWhatItMissedIsSilenceInItsPlace()
    {
        using var gate = new ManualResetEventSlim();
        var journal = new JournalStream { Gate = gate };
        var recorder = new WavRecorder(() => journal, Blocks(queued: 16), null);
        // A minute; 16 blocks of 50 ms and the one that is being written are kept.
        for (var i = 0; i < 60; i++)
        {
            recorder.WritePerson(i * 8000, Enumerable.Repeat((short)(i + 1), 8000).ToArray());
        }

        Assert.InRange(recorder.LostFrames, 8000 * 58, 8000 * 60);
        gate.Set();
        await journal.WaitForFlushesAsync(16);
        recorder.WritePerson(480_000, Enumerable.Repeat((short)99, 800).ToArray());
        await recorder.CompleteAsync();

        var left = Channels(journal.Copy()).Left;
        Assert.Equal(480_800, left.Length);
        Assert.All(left[..6400], s => Assert.Equal(1, s));
        Assert.All(left[8000..470_000], s => Assert.Equal(0, s));
        Assert.All(left[480_000..], s => Assert.Equal(99, s));
    }

    [Fact]
    public async Task Disk_WhenItFails_IsReportedOnce_AndTheCallGoesOn()
    {
        var failures = new List<Exception>();
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var journal = new JournalStream { FailsAt = 10_000 };
        var recorder = new WavRecorder(() => journal, Small, e =>
        {
            failures.Add(e);
            failed.SetResult();
        });

        recorder.WritePerson(0, Signals.Wild(8000, 1));
        await failed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        for (var i = 1; i < 20; i++)
        {
            recorder.WritePerson(i * 8000, Signals.Wild(8000, i));
        }

        await recorder.CompleteAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("No space left on device.", Assert.IsType<IOException>(Assert.Single(failures)).Message);
        Assert.True(recorder.LostFrames > 100_000);
    }

    [Fact]
    public async Task Create_WhenTheFileExistsOrItsFolderDoesNot_ReportsIt_AndOverwritesNothing()
    {
        var path = Path.Combine(_folder, "kept.wav");
        await File.WriteAllTextAsync(path, "precious");
        foreach (var wrong in new[] { path, Path.Combine(_folder, "nowhere", "call.wav") })
        {
            var failures = new List<Exception>();
            await using (var recorder = WavRecorder.Create(wrong, new RecordingOptions(), failures.Add))
            {
                recorder.WritePerson(0, new short[100]);
                await recorder.CompleteAsync();
            }

            Assert.IsAssignableFrom<IOException>(Assert.Single(failures));
        }

        Assert.Equal("precious", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public void Create_WhenOptionsCannotBe_NamesEveryError()
    {
        var wrong = new RecordingOptions
        {
            SampleRate = 1,
            Block = TimeSpan.Zero,
            Settle = TimeSpan.FromSeconds(-1),
            Ahead = TimeSpan.FromDays(1),
            QueuedBlocks = 0,
        };

        var error = Assert.Throws<ArgumentException>(() => WavRecorder.Create(Path.Combine(_folder, "x.wav"), wrong));

        foreach (var property in typeof(RecordingOptions).GetProperties())
        {
            Assert.Contains($"RecordingOptions.{property.Name} ", error.Message);
        }
    }

    private static RecordingOptions Blocks(int queued) => new()
    {
        SampleRate = 8000,
        Block = TimeSpan.FromMilliseconds(50),
        Settle = TimeSpan.FromMilliseconds(40),
        Ahead = TimeSpan.FromMilliseconds(100),
        QueuedBlocks = queued,
    };

    private static void RecordAny(Dice dice)
    {
        var journal = new JournalStream();
        var recorder = new WavRecorder(() => journal, Small, null);
        var (left, right) = (new short[60_000], new short[60_000]);
        var now = 0;
        for (var step = 0; step < 60; step++)
        {
            var samples = Signals.Wild(dice.Int(0, 300), step);
            switch (dice.Int(0, 4))
            {
                case 0 or 1:
                    now += dice.Of(0, 0, dice.Int(0, 800));
                    recorder.WritePerson(now, samples);
                    samples.CopyTo(left, now);
                    now += samples.Length;
                    break;
                case 2 or 3:
                    // Up to 40 ms late and up to 60 ms ahead.
                    var at = Math.Max(0, now - 320 + dice.Int(0, 800));
                    recorder.WriteAgent(at, samples);
                    samples.CopyTo(right, at);
                    break;
                default:
                    var cut = Math.Max(0, now - dice.Int(0, 300));
                    recorder.TruncateAgent(cut);
                    right.AsSpan(cut).Clear();
                    break;
            }
        }

        Assert.True(recorder.CompleteAsync().Wait(TimeSpan.FromSeconds(30)), "The recording was not complete within 30 s.");
        Assert.Equal(0, recorder.SkippedSamples);
        Assert.Equal(0, recorder.LostFrames);
        var written = Channels(journal.Copy());
        Assert.Equal(left[..now], written.Left);
        Assert.Equal(right[..now], written.Right);
    }

    private static (short[] Left, short[] Right) Channels(Stream file) => Channels(file, WavFile.ReadHeader(file));

    private static (short[] Left, short[] Right) Channels(Stream file, WavHeader header)
    {
        Assert.Equal((2, 16), (header.Channels, header.BitsPerSample));
        var bytes = new byte[header.DataBytes];
        file.Position = header.DataOffset;
        file.ReadExactly(bytes);
        var samples = new short[bytes.Length / 2];
        PcmBytes.Read(bytes, samples);
        return ([.. samples.Where((_, i) => i % 2 == 0)], [.. samples.Where((_, i) => i % 2 == 1)]);
    }
}
