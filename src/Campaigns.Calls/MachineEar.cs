namespace Campaigns.Calls;

/// <summary>Makes nothing out.</summary>
internal sealed class MachineEar : IMachineEar
{
    public bool IsListening => false;

    public MachineFinding? OnText(string fragment, TimeSpan at) => null;

    public MachineFinding? OnSound(TimeSpan now, TimeSpan sounding, TimeSpan silent, TimeSpan? beepAt) => null;
}
