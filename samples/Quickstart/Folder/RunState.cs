namespace Quickstart.Folder;

/// <summary>What a second run must know to go on where the first one was stopped.</summary>
/// <param name="Port">The port that the carrier posts callbacks to.</param>
/// <param name="CarrierPort">The carrier's own port.</param>
/// <param name="ApiKey">The operator's key.</param>
/// <param name="Inputs">Fingerprint of the contacts and the campaign: a folder belongs to one campaign.</param>
/// <param name="Runs">How many runs there were, this one included; above 1 the campaign was interrupted.</param>
internal sealed record RunState(int Port, int CarrierPort, string ApiKey, string Inputs, int Runs);
