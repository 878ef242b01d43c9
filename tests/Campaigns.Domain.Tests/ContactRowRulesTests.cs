using Campaigns.Domain.Import;
using Campaigns.Stores;

namespace Campaigns.DomainTests;

public sealed class ContactRowRulesTests
{
    [Fact]
    public void Read_WhenTheRowIsGood_FillsEveryField()
    {
        var contact = Good(
            "Full Name,MOBILE_NUMBER,e-mail,Status,City,Job Title,Preferred Language,Time Zone,Marketing Consent,Loan id",
            "Asha Rao|98765 43210|asha@example.org|lead|Pune|Teacher|hi-IN|Asia/Kolkata|Yes|L-17");

        Assert.Equal(("Asha Rao", "+919876543210", "asha@example.org", "lead"), (contact.Name, contact.Phone, contact.Email, contact.Status));
        Assert.Equal(("Pune", "Teacher", "hi-IN", "Asia/Kolkata"), (contact.City, contact.Occupation, contact.PreferredLanguage, contact.TimeZone));
        Assert.Equal(ConsentState.Granted, contact.MarketingConsent);
        Assert.Equal([KeyValuePair.Create("Loan id", "L-17")], contact.Context);
    }

    [Theory]
    [InlineData("phone")]
    [InlineData("Phone Number")]
    [InlineData("PHONE_NUMBER")]
    [InlineData(" mobile no. ")]
    [InlineData("Mobile")]
    [InlineData("\uFEFFphone")]
    [InlineData("cell-phone")]
    public void From_WhenAPhoneColumnHasAnyCommonName_FindsIt(string header) =>
        Assert.Equal(ContactField.Phone, Mapping(header).Columns[0].Field);

    [Theory]
    [InlineData("first name,last_name,phone", "Asha|Rao|9876543210", "Asha Rao")]
    [InlineData("first name,last_name,phone", "|Rao|9876543210", "Rao")]
    [InlineData("name,first name,phone", "A. Rao|Asha|9876543210", "A. Rao")]
    [InlineData("phone", "9876543210", "")]
    public void Read_WhenNamesComeInParts_JoinsThem(string headers, string row, string expected) =>
        Assert.Equal(expected, Good(headers, row).Name);

    [Theory]
    [InlineData("yes", ConsentState.Granted)]
    [InlineData("TRUE", ConsentState.Granted)]
    [InlineData("1", ConsentState.Granted)]
    [InlineData("y", ConsentState.Granted)]
    [InlineData("Opt-In", ConsentState.Granted)]
    [InlineData("no", ConsentState.Denied)]
    [InlineData("0", ConsentState.Denied)]
    [InlineData("opted out", ConsentState.Denied)]
    [InlineData("", ConsentState.Unknown)]
    [InlineData("maybe", ConsentState.Unknown)]
    [InlineData("not yes", ConsentState.Unknown)]
    [InlineData("yes, but only by mail", ConsentState.Unknown)]
    [InlineData("2", ConsentState.Unknown)]
    [InlineData("ja", ConsentState.Unknown)]
    [InlineData("n/a", ConsentState.Unknown)]
    public void Read_WhenConsentIsWritten_GrantsOnlyByAKnownWord(string word, ConsentState expected) =>
        Assert.Equal(expected, Good("phone,consent", $"9876543210|{word}").MarketingConsent);

    [Fact]
    public void Read_WhenSeveralCellsAreWrong_NamesThemAllByColumn()
    {
        var problems = Bad("name,phone,email,tz,note", "Asha\uFFFD|9.19E+11|not an address|Mars/Olympus|a\0b");

        Assert.Equal(
            [("name", 1), ("phone", 2), ("email", 3), ("tz", 4), ("note", 5)], problems.Select(p => (p.Column, p.Number)));
        Assert.Contains("encoding", problems[0].Reason, StringComparison.Ordinal);
        Assert.Contains("exponent", problems[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhenACellIsTooLong_NamesIt()
    {
        Assert.Equal(("note", 2), Bad("phone,note", $"9876543210|{new string('x', 4_001)}").Select(p => (p.Column, p.Number)).Single());
        Assert.Equal(("city", 2), Bad("phone,city", $"9876543210|{new string('x', 201)}").Select(p => (p.Column, p.Number)).Single());
        Assert.Equal(4_000, Good("phone,note", $"9876543210|{new string('x', 4_000)}").Context["note"].Length);
    }

    [Fact]
    public void Read_WhenACellLooksLikeAFormula_KeepsItAsText() =>
        Assert.Equal("=HYPERLINK(\"x\")", Good("phone,note", "9876543210|=HYPERLINK(\"x\")").Context["note"]);

    [Fact]
    public void Read_WhenTheRowIsShort_LacksOnlyWhatItMayLack()
    {
        Assert.Null(Good("phone,name,city", "9876543210|Asha").City);
        Assert.Equal(("phone", 2), Bad("name,phone", "Asha").Select(p => (p.Column, p.Number)).Single());
    }

    [Fact]
    public void Read_WhenTheRowIsLong_RefusesWhatStandsUnderNoHeader()
    {
        Assert.Equal("+919876543210", Good("phone,name", "9876543210|Asha||").Phone);
        Assert.Equal(("", 3), Bad("phone,name", "9876543210|Asha|more").Select(p => (p.Column, p.Number)).Single());
        Assert.Equal(("", 2), Bad("phone,,name", "9876543210|what|Asha").Select(p => (p.Column, p.Number)).Single());
    }

    [Fact]
    public void Read_WhenThereIsNoNumber_KeepsThePersonIfThereIsOne()
    {
        Assert.Null(Good("phone,name", "|Asha").Phone);
        Assert.Equal(("", 0), Bad("phone,city", "|Pune").Select(p => (p.Column, p.Number)).Single());
        Assert.True(ContactRowRules.IsBlank(["", " ", "\t"]));
        Assert.False(ContactRowRules.IsBlank(["", "x"]));
    }

    [Theory]
    [InlineData("phone,name,Phone ", 3)]
    [InlineData("phone,Mobile", 2)]
    [InlineData("phone,note,NOTE", 3)]
    [InlineData("phone,na\uFFFDme", 2)]
    [InlineData("name,city", 0)]
    [InlineData("9876543210,Asha", 0)]
    [InlineData("", 0)]
    public void From_WhenTheHeaderIsNoGood_SaysWhere(string headers, int column) =>
        Assert.Equal(column, Assert.Single(Assert.IsType<MappingResult.Bad>(ColumnMapping.From(headers.Split(','))).Problems).Number);

    [Fact]
    public void From_WhenHeadersAreTooManyOrTooLong_IsRefused()
    {
        Assert.IsType<MappingResult.Bad>(ColumnMapping.From(["phone", .. Enumerable.Range(0, 200).Select(i => $"c{i}")]));
        Assert.IsType<MappingResult.Good>(ColumnMapping.From(["phone", .. Enumerable.Range(0, 199).Select(i => $"c{i}")]));
        Assert.IsType<MappingResult.Bad>(ColumnMapping.From(["phone", new string('h', 201)]));
    }

    [Fact]
    public void From_WhenTheCallerFixesPlaces_FollowsThem()
    {
        var overrides = new Dictionary<string, ContactField>
        {
            ["phone"] = ContactField.Context,
            ["Alternate"] = ContactField.Phone,
            ["city"] = ContactField.Ignore,
        };
        var mapping = Assert.IsType<MappingResult.Good>(ColumnMapping.From(["Phone", "alternate", "City"], overrides)).Mapping;

        var contact = Assert.IsType<RowResult.Good>(ContactRowRules.Read(["020 1234", "9876543210", "Pune"], mapping, "91")).Contact;

        Assert.Equal(("+919876543210", null, "020 1234"), (contact.Phone, contact.City, contact.Context["Phone"]));
        overrides["nowhere"] = ContactField.Name;
        Assert.IsType<MappingResult.Bad>(ColumnMapping.From(["Phone", "alternate", "City"], overrides));
    }

    [Fact]
    public void Read_WhenAnyCells_LosesNothingSilently()
    {
        string[] cells = ["", " ", "x", "9876543210", "12", "a@b.example", "yes", "Asia/Kolkata", "bad\uFFFD", "=1+1"];
        Law.Holds(
            dice =>
            {
                var row = Enumerable.Range(0, dice.Int(0, 6)).Select(_ => dice.Of(cells)).ToList();
                var mapping = Mapping("phone,name,consent,extra one,extra two");

                switch (ContactRowRules.Read(row, mapping, "91"))
                {
                    case RowResult.Good { Contact: var contact }:
                        Assert.Equal(Cell(row, 3), contact.Context.GetValueOrDefault("extra one", ""));
                        Assert.Equal(Cell(row, 4), contact.Context.GetValueOrDefault("extra two", ""));
                        Assert.Equal((Cell(row, 1), Cell(row, 5)), (contact.Name, ""));
                        Assert.Equal(Cell(row, 0).Length > 0, contact.Phone is not null);
                        Assert.Equal(Cell(row, 2) == "yes", contact.MarketingConsent == ConsentState.Granted);
                        Assert.DoesNotContain(row, c => c.Contains('\uFFFD'));
                        break;
                    case RowResult.Bad { Problems: var problems }:
                        Assert.NotEmpty(problems);
                        Assert.Equal(problems.Select(p => p.Number).Order(), problems.Select(p => p.Number));
                        break;
                    case var other:
                        Assert.Fail(other.ToString());
                        break;
                }
            },
            cases: 2_000);
    }

    private static string Cell(List<string> row, int index) => index < row.Count ? row[index].Trim() : "";

    private static ColumnMapping Mapping(string headers) =>
        Assert.IsType<MappingResult.Good>(ColumnMapping.From(headers.Split(','))).Mapping;

    private static NewContact Good(string headers, string row) =>
        Assert.IsType<RowResult.Good>(ContactRowRules.Read(row.Split('|'), Mapping(headers), "91")).Contact;

    private static IReadOnlyList<RowProblem> Bad(string headers, string row) =>
        Assert.IsType<RowResult.Bad>(ContactRowRules.Read(row.Split('|'), Mapping(headers), "91")).Problems;
}
