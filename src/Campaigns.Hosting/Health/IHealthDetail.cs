namespace Campaigns.Hosting.Health;

/// <summary>What a part of the host tells of itself in <c>/health</c>, ready or not.</summary>
public interface IHealthDetail
{
    /// <summary>Its name there: lower case, one word.</summary>
    string Name { get; }

    /// <summary>What it tells, to be written as JSON: counts and times, without names of people, hosts or databases. Answers within seconds.</summary>
    ValueTask<object> ReadAsync(CancellationToken cancellationToken);
}
