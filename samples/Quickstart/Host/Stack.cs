using Campaigns.Postgres.Local;
using Campaigns.Postgres.Migrations;
using CarrierSimulator;
using LiveModelSimulator;
using Quickstart.Folder;
using Quickstart.Options;

namespace Quickstart.Host;

/// <summary>Everything that runs: a private PostgreSQL, the product, the simulated carrier and the simulated live model.</summary>
internal sealed class Stack : IAsyncDisposable
{
    private readonly LocalPostgres _postgres;
    private readonly WebApplication _product;
    private readonly CarrierSimulatorHost _carrier;
    private readonly LiveModelSimulatorHost _model;
    private readonly CancellationTokenSource _databaseLost = new();

    private Stack(LocalPostgres postgres, WebApplication product, CarrierSimulatorHost carrier, LiveModelSimulatorHost model, RunState state)
    {
        _postgres = postgres;
        _product = product;
        _carrier = carrier;
        _model = model;
        State = state;
        _ = WatchDatabaseAsync();
    }

    public RunState State { get; }

    public Uri Api => new($"http://127.0.0.1:{State.Port}/");

    public Uri Carrier => _carrier.BaseAddress;

    public Uri Model => _model.BaseAddress;

    public CarrierSimulator.Ledger Ledger => _carrier.Ledger;

    /// <summary>Cancelled when the database has ended.</summary>
    public CancellationToken DatabaseLost => _databaseLost.Token;

    /// <exception cref="StartException">A part does not start.</exception>
    public static async Task<Stack> StartAsync(
        QuickstartOptions options, RunFolder folder, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        // The database first: it also keeps a second run out of the folder.
        var postgres = await StartPostgresAsync(folder, logs, cancellationToken);
        WebApplication? product = null;
        LiveModelSimulatorHost? model = null;
        try
        {
            var state = RunStart.Begin(options, folder);

            // The model before the product, and the product before the carrier, which at once posts what befell its calls while it was down.
            model = await LiveModelSimulatorHost.StartAsync(new LiveModelSimulatorOptions { Script = SimulatedAgent.Script }, cancellationToken);
            var settings = HostSettings.For(state, postgres.ConnectionString, model.BaseAddress, folder.RecordingFolder, options.Speed);
            product = await ProductHost.StartAsync(settings, state.Port, logs, cancellationToken);
            return new Stack(postgres, product, await StartCarrierAsync(options, folder, state, cancellationToken), model, state);
        }
        catch (Exception error)
        {
            if (product is not null)
            {
                await product.DisposeAsync();
            }

            if (model is not null)
            {
                await model.DisposeAsync();
            }

            await postgres.DisposeAsync();
            if (error is MigrationException or IOException)
            {
                throw new StartException(error.Message, error);
            }

            throw;
        }
    }

    /// <summary>Waits until the carrier has no live call and no callback to deliver, but not longer than the patience.</summary>
    public async Task WhenCarrierIdleAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await _carrier.WhenIdleAsync(cancellationToken).WaitAsync(patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Callbacks that nobody takes are no reason to wait for ever.
        }
    }

    /// <summary>The product first, so that nothing is dialled any more; the carrier keeps what it could not post for the next run.</summary>
    public async ValueTask DisposeAsync()
    {
        await _product.StopAsync(CancellationToken.None);
        await _carrier.DisposeAsync();
        await _product.DisposeAsync();
        await _model.DisposeAsync();
        await _postgres.DisposeAsync();
        _databaseLost.Dispose();
    }

    private async Task WatchDatabaseAsync()
    {
        await _postgres.Completion;
        await _databaseLost.CancelAsync();
    }

    private static async Task<LocalPostgres> StartPostgresAsync(RunFolder folder, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var options = new LocalPostgresOptions { DataDirectory = folder.PostgresFolder, Throwaway = folder.IsTemporary };
        try
        {
            return await LocalPostgres.StartAsync(options, logs.CreateLogger<LocalPostgres>(), TimeProvider.System, cancellationToken);
        }
        catch (LocalPostgresException error)
        {
            throw new StartException(error.Message, error);
        }
    }

    private static async Task<CarrierSimulatorHost> StartCarrierAsync(
        QuickstartOptions options, RunFolder folder, RunState state, CancellationToken cancellationToken)
    {
        try
        {
            var carrier = new CarrierSimulatorOptions
            {
                Port = state.CarrierPort,
                AccountSid = Account.Sid,
                ApiKey = Account.Key,
                ApiToken = Account.Token,
                ExoPhones = [Account.CallerId],
                Speed = options.Speed,
                Media = true,
                CallbackFormat = CallbackFormat.Rotate,
                LedgerFile = folder.LedgerFile,
            };
            // Longer than any campaign may let a line be silent: the agent ends such a call, not the person.
            carrier.MediaStream.Patience = TimeSpan.FromMinutes(6);
            carrier.MediaStream.Names = MediaNames.Rotate;
            carrier.MediaStream.Numbers = MediaNumbers.Rotate;
            carrier.MediaStream.CustomParameters = MediaCustomParameters.Rotate;
            return await CarrierSimulatorHost.StartAsync(carrier, cancellationToken);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            throw new StartException($"The carrier simulator does not start: {error.Message}", error);
        }
    }
}
