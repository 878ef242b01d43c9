namespace Campaigns.Hosting.Health;

/// <summary>
/// One condition under which a host takes work, asked at every <c>/health/ready</c> and <c>/health</c>. Register as many as there are conditions.
/// </summary>
public interface IReadiness
{
    /// <summary>Its name in <c>/health</c>: lower case, one word.</summary>
    string Name { get; }

    /// <summary>Why the host is not ready, for people, without names of hosts or databases; null when it is. Answers within seconds.</summary>
    ValueTask<string?> ComplaintAsync(CancellationToken cancellationToken);
}
