using Campaigns.Testing;

namespace Campaigns.Conversations.Tests.Matrix;

/// <summary>Every person with every fault of the model, judged by what both simulators heard, by the database and by the recording.</summary>
public sealed class MatrixTests(MatrixFixture matrix) : IClassFixture<MatrixFixture>
{
    public static TheoryData<string, string> Pairs()
    {
        var data = new TheoryData<string, string>();
        foreach (var pair in Pair.All)
        {
            data.Add(pair.Person, pair.Fault.Name);
        }

        return data;
    }

    [PostgresTheory]
    [MemberData(nameof(Pairs))]
    public void Conversation_WithEveryFault_KeepsItsPromises(string person, string fault)
    {
        var facts = matrix.Of(Pair.All.Single(p => p.Person == person && p.Fault.Name == fault));

        string[] complaints = [.. DialJudge.Complaints(facts)];
        if (complaints.Length == 0)
        {
            complaints =
            [
                .. OutcomeJudge.Complaints(facts),
                .. facts.IsStarved ? [] : SoundJudge.Complaints(facts),
                .. facts.IsStarved ? [] : TurnJudge.Complaints(facts),
                .. facts.IsStarved ? [] : RecordingJudge.Complaints(facts),
            ];
        }

        Assert.True(complaints.Length == 0, $"{facts.Pair}:\n- {string.Join("\n- ", complaints)}\n\n{facts.Describe()}");
    }

    [PostgresFact]
    public void Machine_DuringTheMatrix_WasFastEnoughToJudgeMostOfIt()
    {
        var late = Pair.All.Count(p => matrix.Of(p).IsStarved);
        Assert.True(late < Pair.All.Count * 3 / 4, $"The machine was late during {late} of {Pair.All.Count} calls: what was heard in them cannot be judged.");
    }
}
