using SpokenTones;

namespace CarrierSimulator;

/// <summary>Presses 1, 2 and # after the greeting, then talks.</summary>
internal sealed class KeyPresser() : ScriptedPerson("presses keys", new Reaction("renew", "yes, I will renew"))
{
    private bool _pressed;

    public override void AgentSaid(IPhone phone, HeardUtterance utterance)
    {
        if (!_pressed)
        {
            _pressed = true;
            phone.Press('1');
            phone.After(200, () => phone.Press('2'));
            phone.After(400, () => phone.Press('#'));
            phone.After(500, () => base.AgentSaid(phone, utterance));
            return;
        }

        base.AgentSaid(phone, utterance);
    }
}
