namespace CarrierSimulator;

/// <summary>Hangs up 300 ms after the agent began to speak.</summary>
internal sealed class HangingUpPerson : Person
{
    public override string Name => "hangs up in mid-sentence";

    public override void AgentBegan(IPhone phone, int utterance) => phone.After(300 - 40, phone.HangUp);
}
