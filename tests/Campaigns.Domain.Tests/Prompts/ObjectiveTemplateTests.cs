using Campaigns.Domain.Prompts;

namespace Campaigns.DomainTests.Prompts;

public sealed class ObjectiveTemplateTests
{
    [Fact]
    public void Fields_AreNamedWithTheirPlaces()
    {
        var template = ObjectiveTemplate.Parse("Hello {{name}}, {{ Renewal Date }}{{name}}");

        Assert.Empty(template.Problems);
        Assert.Equal([("name", 7), ("Renewal Date", 17), ("name", 35)], template.Fields.Select(f => (f.Name, f.Position)));
    }

    [Theory]
    [InlineData("Hello {{name", 7, "not closed")]
    [InlineData("{{a {{name}}", 1, "not closed")]
    [InlineData("x {{}}", 3, "names no field")]
    [InlineData("x {{ _- }}", 3, "names no field")]
    [InlineData("{{nam}}", 1, "did you mean {{name}}?")]
    [InlineData("Your {{renewaldat}}", 6, "did you mean {{renewal_date}}?")]
    public void Validate_WhenOneThingIsWrong_SaysWhatAndWhere(string text, int position, string message)
    {
        var problem = Assert.Single(ObjectiveTemplate.Validate(text, ["renewal_date"]));

        Assert.Equal(position, problem.Position);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("no fields } here { at all }}")]
    [InlineData("{{name}} {{first_name}} {{phone}} {{city}} {{occupation}} {{email}} {{status}} {{preferred_language}}")]
    [InlineData("{{Mobile}} {{Full Name}} {{Language}}")]
    [InlineData("{{RENEWAL.DATE}} {{renewal date}} {{renewalDate}}")]
    public void Validate_WhenAllIsKnown_FindsNothing(string? text) => Assert.Empty(ObjectiveTemplate.Validate(text, ["renewal_date"]));

    [Fact]
    public void Validate_WithoutKnownFields_ChecksTheWritingOnly()
    {
        Assert.Empty(ObjectiveTemplate.Validate("{{whatever}}", null));
        Assert.Single(ObjectiveTemplate.Validate("{{whatever", null));
    }

    [Fact]
    public void Validate_WhenSeveralThingsAreWrong_NamesThemInTheirOrder() =>
        Assert.Equal([1, 12, 18], ObjectiveTemplate.Validate("{{zzzzzz}} {{ }} {{", []).Select(p => p.Position));

    [Fact]
    public void Render_ReplacesEachFieldOnce()
    {
        var text = ObjectiveTemplate.Parse("{{a}}|{{b}}|{{ a }}|{{c").Render(name => name == "a" ? "{{b}}" : name == "b" ? "B" : null);

        Assert.Equal("{{b}}|B|{{b}}|{{c", text);
    }

    [Fact]
    public void Render_OfAnyText_NeverFails() => Law.Holds(dice =>
    {
        var text = string.Concat(Enumerable.Range(0, dice.Int(0, 12)).Select(_ => dice.Of("{{", "}}", "{", "}", "a", " ", "\n")));
        var template = ObjectiveTemplate.Parse(text);

        if (template.Fields.IsEmpty)
        {
            Assert.Equal(text, template.Render(_ => "!"));
        }

        Assert.Equal(template.Fields.Length, template.Render(_ => "!").Count(c => c == '!'));
    });

    [Theory]
    [InlineData("Mr. Aarav Sharma", "Aarav")]
    [InlineData("Smt Meera", "Meera")]
    [InlineData("Dr.", "Dr.")]
    [InlineData("", "")]
    [InlineData("  Priya\nNair ", "Priya")]
    public void FirstName_IsTheFirstThatIsNoTitle(string name, string expected) =>
        Assert.Equal(expected, CallFields.From(Briefs.Inbound with { ContactName = name }).RenderPlain("{{first_name}}"));

    [Fact]
    public void Find_TakesTheContactsOwnFieldsBeforeThoseOfAnImport()
    {
        var fields = CallFields.From(Briefs.Campaign with
        {
            ContactName = "Asha",
            Context = Briefs.Context(("name", "Eve"), ("Phone", "1"), ("Mobile", "2"), ("Policy No.", "7")),
        });

        Assert.Equal("Asha +915555010103 2 7 []", fields.RenderPlain("{{name}} {{phone}} {{mobile}} {{policy_no}} [{{none}}]"));
        Assert.Equal("«Asha» [] «7»", fields.RenderQuoted("{{name}} [{{none}}] «{{policy no}}»").Replace("««", "«").Replace("»»", "»"));
    }
}
