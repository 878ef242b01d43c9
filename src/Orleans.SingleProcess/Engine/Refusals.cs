namespace Orleans.SingleProcess;

/// <summary>What a host asked for; the silo refuses to start over what this engine does not have.</summary>
internal sealed class Refusals
{
    internal List<string> Messages { get; } = [];

    internal bool PropagatesActivity { get; set; }

    internal void Refuse(string feature) => Messages.Add(
        $"{feature} is not offered by the {EngineInfo.Name} engine, which is one process only. Build with the Orleans packages: -p:OrleansEngine=packages.");
}
