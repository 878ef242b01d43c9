using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Campaigns;
using Campaigns.Stores;
using Quickstart.Options;
using Quickstart.Show;

namespace Quickstart.Operate;

/// <summary>Does what an operator does, over HTTP only. Every step looks first whether an earlier run has done it.</summary>
internal sealed class Operator(ApiClient api, QuickstartOptions options, Screen screen)
{
    /// <summary>The campaign of the files, running: made and started, or found where an interrupted run left it.</summary>
    public async Task<CampaignView> StartCampaignAsync(CancellationToken cancellationToken)
    {
        var file = CampaignFile.Read(options);
        var name = file["name"]?.ToString();
        var campaigns = await api.ListAsync<CampaignView>("campaigns", cancellationToken);
        var campaign = campaigns.Find(c => c.Name == name) ?? await CreateAsync(file, cancellationToken);
        switch (campaign.Status)
        {
            case CampaignStatus.Draft:
                campaign = await CommandAsync(campaign, "start", cancellationToken);
                screen.Say($"Campaign    {campaign.Name}: started, {campaign.TotalCount} contacts");
                return campaign;
            case CampaignStatus.Paused:
                screen.Say($"Campaign    {campaign.Name}: was paused ({campaign.PauseReason}), resumed");
                return await CommandAsync(campaign, "resume", cancellationToken);
            default:
                screen.Say($"Campaign    {campaign.Name}: found {campaign.Status.ToText()}, {campaign.TotalCount} contacts");
                return campaign;
        }
    }

    private Task<CampaignView> CommandAsync(CampaignView campaign, string command, CancellationToken cancellationToken) =>
        api.PostAsync<CampaignView>($"campaigns/{campaign.Id}/{command}", cancellationToken);

    private async Task<CampaignView> CreateAsync(JsonObject campaign, CancellationToken cancellationToken)
    {
        await ImportAsync(cancellationToken);
        await BlockAsync(cancellationToken);
        var agent = await AgentAsync(cancellationToken);
        screen.Say($"Agent       {agent.Name}");
        campaign["agentId"] = agent.Id;
        if (!campaign.ContainsKey("audience"))
        {
            var contacts = await api.ListAsync<ContactDetails>("contacts", cancellationToken);
            campaign["audience"] = new JsonObject { ["contactIds"] = new JsonArray([.. contacts.Select(c => JsonValue.Create(c.Id))]) };
        }

        return await api.PostAsync<CampaignView>("campaigns", campaign, cancellationToken);
    }

    private async Task ImportAsync(CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(options.Contacts);
        using var file = new StreamContent(stream);
        file.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        var name = Path.GetFileName(options.Contacts);
        var import = await api.PostAsync<ImportView>($"contacts/import?fileName={Uri.EscapeDataString(name)}", file, cancellationToken);
        screen.Say($"Contacts    {name}: {import.RowsRead} rows, {import.ContactsCreated} people");
        foreach (var row in import.RepeatedRows)
        {
            screen.Say($"            line {row.Line}: the number of line {row.ReplacesLine} again; the later row counts");
        }

        foreach (var error in import.RowErrors)
        {
            screen.Say($"            line {error.Line}, column {error.Column} {error.Header}: {error.Message}");
        }
    }

    /// <summary>Puts the sample's numbers on do-not-call; one that is no contact's does no harm.</summary>
    private async Task BlockAsync(CancellationToken cancellationToken)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "do-not-call.txt"), cancellationToken);
        foreach (var number in lines.Where(l => l.Length > 0 && l[0] != '#'))
        {
            await api.PostAsync<DoNotCallEntry>("do-not-call", new { phone = number, reason = "asked not to be called" }, cancellationToken);
        }
    }

    private async Task<AgentRecord> AgentAsync(CancellationToken cancellationToken)
    {
        var agent = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "agent.json"), cancellationToken))!;
        var known = await api.ListAsync<AgentRecord>("agents", cancellationToken);
        return known.Find(a => a.Name == agent["name"]!.ToString()) ?? await api.PostAsync<AgentRecord>("agents", agent, cancellationToken);
    }
}
