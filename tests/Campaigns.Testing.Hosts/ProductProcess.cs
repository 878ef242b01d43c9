using System.Diagnostics;
using System.Net;
using System.Text;

namespace Campaigns.Testing.Hosts;

/// <summary>One of the product's programs as a process of its own. It is killed when whoever started it ends, however that ends.</summary>
public sealed class ProductProcess : IAsyncDisposable
{
    // The process takes the shell's place and id. What stays of the shell waits for the end of a pipe whose other end only the starter holds.
    private const string Script =
        """
        exec 3<&0
        { while read -r _ <&3; do :; done; kill -s KILL $$; } >/dev/null 2>&1 &
        exec "$@" </dev/null 3<&-
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ProductProcess(Process process, int port)
    {
        _process = process;
        Port = port;
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // Nothing is to wait for the end of a process that is gone: its id may be another's by then.
        process.Exited += (_, _) => process.StandardInput.Close();
        process.EnableRaisingEvents = true;
    }

    /// <summary>Speaks to it.</summary>
    public HttpClient Client { get; }

    /// <summary>Where it serves on 127.0.0.1.</summary>
    public int Port { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote, for a test that fails.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts it; it listens on the port as soon as it serves.</summary>
    public static ProductProcess Start(string program, int port, IReadOnlyDictionary<string, string?> configuration, params string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", Script, "sh", "dotnet", Path.Combine(AppContext.BaseDirectory, $"{program}.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (key, value) in configuration)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["Logging__LogLevel__Default"] = "Information";
        start.Environment["DOTNET_TieredPGO"] = "0";
        return new ProductProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."), port);
    }

    /// <summary>Returns when it says that it is ready.</summary>
    public async Task WhenReadyAsync()
    {
        if (!await TryWhenReadyAsync())
        {
            throw new InvalidOperationException($"The host ended with {_process.ExitCode} before it was ready:\n{Output}");
        }
    }

    /// <summary>Whether it says that it is ready, or has ended before.</summary>
    public async Task<bool> TryWhenReadyAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (!_process.HasExited)
            {
                if (await StatusAsync("/health/ready", deadline.Token) == HttpStatusCode.OK)
                {
                    return true;
                }

                await timer.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"The host is not ready after {Patience}:\n{Output}", late);
        }

        return false;
    }

    /// <summary>What it answers at a path; null when nobody listens there.</summary>
    public async Task<HttpStatusCode?> StatusAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Client.GetAsync(path, cancellationToken);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary><c>kill -9</c>, and the process is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as an orchestrator sends it; returns the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("TERM");
        return await EndAsync();
    }

    /// <summary>Sends a signal, by its name without SIG.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>The exit code, when it has ended by itself.</summary>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"The process has not ended after {Patience}:\n{Output}", late);
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        Client.Dispose();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
