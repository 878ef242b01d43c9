using SpokenTones;

namespace CarrierSimulator;

/// <summary>
/// A machine that asks who calls. Once somebody has said something to the end after that, a person takes over with hello; after a second
/// question without an answer it hangs up.
/// </summary>
internal sealed class CallScreener() : ScriptedPerson("call screener", new Reaction("renew", "yes, I will renew"))
{
    private const string Question = "say your name and why you call";
    private bool _asked;
    private bool _put;
    private int _questions;

    public override TimeSpan? Patience => _put ? null : TimeSpan.FromSeconds(6);

    public override void Answered(IPhone phone) => Ask(phone);

    public override void Finished(IPhone phone, string sound)
    {
        base.Finished(phone, sound);
        _asked |= sound == Question;
    }

    public override void AgentSaid(IPhone phone, HeardUtterance utterance)
    {
        if (_put)
        {
            base.AgentSaid(phone, utterance);
        }
        else if (_asked && utterance.Complete)
        {
            _put = true;
            phone.Say("hello", 800);
        }
    }

    public override void Lost(IPhone phone)
    {
        if (_put || _questions == 2)
        {
            phone.HangUp();
        }
        else
        {
            Ask(phone);
        }
    }

    private void Ask(IPhone phone)
    {
        _questions++;
        phone.Say(Question);
    }
}
