namespace Campaigns.GeminiLive.Tests.Bed;

/// <summary>Waits that say what they waited for.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<T> For<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Limit);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Waited {Limit} for {what}.", e);
        }
    }

    public static async Task For(Task task, string what)
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Waited {Limit} for {what}.", e);
        }
    }
}
