using Campaigns.Testing;

namespace Campaigns.Conversations.Tests.Matrix;

/// <summary>Every person with every fault of the model, judged by what both simulators heard, by the database and by the recording.</summary>
public sealed class MatrixTests(MatrixFixture matrix) : IClassFixture<MatrixFixture>
{
    private const int MostUnjudged = 10;

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

        var complaints = Judgement.Complaints(facts, strictly: !facts.IsStarved);
        Assert.True(complaints.Count == 0, $"{facts.Pair}:\n- {string.Join("\n- ", complaints)}\n\n{facts.Describe()}");
    }

    [PostgresFact]
    public void Machine_DuringTheMatrix_WasFastEnoughToJudgeIt()
    {
        var unjudged = Pair.All.Where(p => matrix.Of(p) is { IsStarved: true } facts && Judgement.Complaints(facts, strictly: true).Count > 0).ToArray();

        Assert.True(
            unjudged.Length <= MostUnjudged,
            $"The machine was late, also when it was tried again, in {unjudged.Length} calls that are not as they should be: {string.Join("; ", unjudged.AsEnumerable())}");
    }
}
