namespace CarrierSimulator;

/// <summary>Answers the greeting, and talks over the agent's second utterance 400 ms after that began.</summary>
internal sealed class InterruptingPerson() : ScriptedPerson("interrupting", new Reaction("renew", "yes, I will renew"))
{
    public override void AgentBegan(IPhone phone, int utterance)
    {
        base.AgentBegan(phone, utterance);
        if (utterance == 2)
        {
            phone.Say("yes, I will renew", 400 - 40);
        }
    }
}
