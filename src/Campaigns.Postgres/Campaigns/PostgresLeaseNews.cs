using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Campaigns;

/// <summary>News by the database's own notifications. It takes one connection of the pool for as long as it listens.</summary>
public sealed class PostgresLeaseNews(NpgsqlDataSource database) : ILeaseNews
{
    internal const string Channel = "campaigns_lease";

    // A connection that died without a word is found by asking.
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task ListenAsync(Action onNews, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(onNews);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        connection.Notification += OnNotification;
        try
        {
            await ExecuteAsync($"LISTEN {Channel}");
            onNews();
            while (true)
            {
                if (!await connection.WaitAsync(SignOfLife, cancellationToken))
                {
                    await ExecuteAsync("SELECT 1");
                }
            }
        }
        finally
        {
            connection.Notification -= OnNotification;

            await StopAsync(connection);
        }

        void OnNotification(object sender, NpgsqlNotificationEventArgs news) => onNews();

        async Task ExecuteAsync(string text)
        {
            await using var command = new NpgsqlCommand(text, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    // Connections are not reset between uses: the next user of this one wants no news.
    private static async Task StopAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand("UNLISTEN *", connection) { CommandTimeout = 5 };
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // It is broken, and the pool drops it.
        }
    }
}
