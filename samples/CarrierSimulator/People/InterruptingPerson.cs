using SpokenTones;

namespace CarrierSimulator;

/// <summary>Lets the agent greet, says hello, and talks over its second utterance 400 ms after that began.</summary>
internal sealed class InterruptingPerson() : ScriptedPerson("interrupting", new Reaction("renew", "yes, I will renew"))
{
    private bool _interrupted;

    public override void AgentBegan(IPhone phone, int utterance)
    {
        if (utterance == 2)
        {
            _interrupted = true;
            phone.Say("yes, I will renew", 400 - 40);
        }
    }

    public override void AgentSaid(IPhone phone, HeardUtterance utterance)
    {
        if (_interrupted && !utterance.Text.Contains("goodbye", StringComparison.OrdinalIgnoreCase) && phone.Speaking)
        {
            return;
        }

        base.AgentSaid(phone, utterance);
    }
}
