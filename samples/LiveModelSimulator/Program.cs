using System.Runtime.InteropServices;

namespace LiveModelSimulator;

internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (!CommandLine.TryParse(args, out var options, out var message))
        {
            await Console.Error.WriteLineAsync(message);
            return 2;
        }

        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await using var host = await LiveModelSimulatorHost.StartAsync(options);
            Console.WriteLine($"Live model simulator listening on {host.BaseAddress} and {host.WebSocketAddress}");
            await stop.Task;
            return 0;
        }
        catch (IOException e)
        {
            await Console.Error.WriteLineAsync($"Cannot start: {e.Message}");
            return 1;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }
    }
}
