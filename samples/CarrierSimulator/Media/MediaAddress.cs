using System.Globalization;

namespace CarrierSimulator;

/// <summary>What the query of a stream's address asks for.</summary>
internal sealed record MediaAddress(int SampleRate, IReadOnlyList<KeyValuePair<string, string>> Parameters, IReadOnlyList<string> Errors)
{
    public static MediaAddress Of(string streamUrl)
    {
        var pairs = new Uri(streamUrl).Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => KeyValuePair.Create(Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString(pair.Length > 1 ? pair[1] : "")))
            .ToList();
        var errors = new List<string>();
        var rate = 8000;
        if (pairs.Find(p => p.Key == "sample-rate") is { Key: not null } asked
            && !(int.TryParse(asked.Value, NumberStyles.None, CultureInfo.InvariantCulture, out rate) && rate is 8000 or 16000 or 24000))
        {
            errors.Add($"sample-rate {asked.Value} is not 8000, 16000 or 24000; the stream has 8000");
            rate = 8000;
        }

        var parameters = pairs.Where(p => p.Key != "sample-rate").ToList();
        if (parameters.Count > 3 || parameters.Sum(p => p.Key.Length + p.Value.Length) > 256)
        {
            errors.Add("the address has more than 3 custom parameters or 256 characters of them; none is passed on");
            parameters.Clear();
        }

        return new MediaAddress(rate, parameters, errors);
    }
}
