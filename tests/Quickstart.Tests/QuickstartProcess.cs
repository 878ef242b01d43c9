using System.Collections.Concurrent;
using System.Diagnostics;

namespace Quickstart.Tests;

/// <summary>The quickstart as a process of its own, to be watched, interrupted and killed.</summary>
internal sealed class QuickstartProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> _waiters = [];
    private readonly Lock _lock = new();

    private QuickstartProcess(Process process) => _process = process;

    /// <summary>Everything it has said on stdout and stderr, for messages of failed assertions.</summary>
    public string Said
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', [.. _lines, "--- stderr", .. _errors]);
            }
        }
    }

    public string Errors => string.Join('\n', _errors);

    public static QuickstartProcess Start(params string[] arguments)
    {
        // A shell that runs something beside others makes it deaf to Ctrl-C, and so its children: this one is to hear.
        var start = new ProcessStartInfo("env")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add("--default-signal=INT,QUIT");
        start.ArgumentList.Add("dotnet");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Quickstart.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = new Process { StartInfo = start };
        var quickstart = new QuickstartProcess(process);
        process.OutputDataReceived += (_, e) => quickstart.Hear(e.Data);
        process.ErrorDataReceived += (_, e) => quickstart._errors.Enqueue(e.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return quickstart;
    }

    /// <summary>The first line of stdout, said already or yet to be, that is wanted.</summary>
    public async Task<string> LineAsync(Func<string, bool> wanted)
    {
        Task<string> found;
        lock (_lock)
        {
            if (_lines.Find(l => wanted(l)) is { } line)
            {
                return line;
            }

            var source = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((wanted, source));
            found = source.Task;
        }

        var first = await Task.WhenAny(found, _process.WaitForExitAsync()).WaitAsync(Patience);
        return first == found ? await found : throw new InvalidOperationException($"It ended before the line came:\n{Said}");
    }

    /// <summary>The last line of stdout and the exit code, once it has ended.</summary>
    public async Task<(int ExitCode, string LastLine)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        lock (_lock)
        {
            return (_process.ExitCode, _lines.Count > 0 ? _lines[^1] : "");
        }
    }

    /// <summary>Ctrl-C.</summary>
    public async Task InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>kill -9 of the process alone: what it started must notice by itself.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Hear(string? line)
    {
        lock (_lock)
        {
            if (line is not null)
            {
                _lines.Add(line);
                _waiters.RemoveAll(w => w.Wanted(line) && w.Found.TrySetResult(line));
            }
        }
    }
}
