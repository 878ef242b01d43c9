namespace CarrierSimulator;

/// <summary>Listens and says nothing.</summary>
internal sealed class SilentPerson : Person
{
    public override string Name => "silent";
}
