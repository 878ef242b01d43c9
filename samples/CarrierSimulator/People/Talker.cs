using SpokenTones;

namespace CarrierSimulator;

/// <summary>
/// For load benches: answers every sound of the agent's with four seconds of their own, and cuts into every fourth one. Does not decode what
/// the agent says.
/// </summary>
internal sealed class Talker : Person
{
    private const int PauseMs = 300;
    private const int CutAfterMs = 700;
    private const int CutEvery = 4;
    private const string First = "yes, speaking";
    private const string Rest = "I have had this plan for years and I am happy with it, but tell me what is new, would you please";

    private bool _cuts;
    private bool _spoken;

    public override string Name => "talker";

    public override bool Understands => false;

    public override TimeSpan? Patience => TimeSpan.FromSeconds(6);

    public override void AgentBegan(IPhone phone, int utterance)
    {
        _cuts = utterance % CutEvery == 0;
        if (_cuts)
        {
            phone.After(CutAfterMs, () => Talk(phone, 0));
        }
    }

    public override void AgentSaid(IPhone phone, HeardUtterance utterance)
    {
        if (!_cuts && !phone.Speaking)
        {
            Talk(phone, PauseMs);
        }
    }

    // A sound that was lost must not end the conversation.
    public override void Lost(IPhone phone) => Talk(phone, 0);

    private void Talk(IPhone phone, int pauseMs)
    {
        phone.Say(_spoken ? Rest : First, pauseMs);
        _spoken = true;
    }
}
