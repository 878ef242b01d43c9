namespace Campaigns.Calls;

/// <summary>Makes nothing out.</summary>
internal sealed class MachineEar : IMachineEar
{
    public bool IsListening => false;

    public MachineVerdict? OnText(string fragment, TimeSpan at) => null;

    public MachineVerdict? OnSound(TimeSpan now, TimeSpan monologue, TimeSpan? beepAt) => null;
}
