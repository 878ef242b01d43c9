using System.Diagnostics;
using System.Text;
using Campaigns.Testing;

namespace Campaigns.EndToEnd.Tests.Bed;

/// <summary>The product's own host as a process of its own, to be killed without warning.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private HostProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

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

    /// <summary>Starts it and returns when it says that it is ready.</summary>
    public static async Task<HostProcess> StartAsync(CampaignBed bed, string name, int? port = null)
    {
        var chosen = port ?? Loopback.FreePort();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Campaigns.Api.dll")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (key, value) in bed.Configuration(chosen, name))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{chosen}";
        start.Environment["Logging__LogLevel__Default"] = "Information";
        start.Environment["DOTNET_TieredPGO"] = "0";
        var host = new HostProcess(Process.Start(start) ?? throw new InvalidOperationException("The host did not start."), chosen);
        host._process.OutputDataReceived += host.Keep;
        host._process.ErrorDataReceived += host.Keep;
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        await host.WhenReadyAsync();
        return host;
    }

    /// <summary><c>kill -9</c>, and the process is gone.</summary>
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

    private async Task WhenReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!_process.HasExited)
        {
            try
            {
                using var answer = await client.GetAsync("/health/ready", deadline.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await timer.WaitForNextTickAsync(deadline.Token);
        }

        throw new InvalidOperationException($"The host ended with {_process.ExitCode}:\n{Output}");
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
