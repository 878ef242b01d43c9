using System.Text.Json;

namespace LiveModelSimulator;

/// <summary>What the platform refuses in a setup beyond unknown fields and wrong types.</summary>
internal static class SetupRules
{
    public const string LanguageCode = "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$";

    public static readonly string[] Voices =
    [
        "Achernar", "Achird", "Algenib", "Algieba", "Alnilam", "Aoede", "Autonoe", "Callirrhoe", "Charon", "Despina", "Enceladus",
        "Erinome", "Fenrir", "Gacrux", "Iapetus", "Kore", "Laomedeia", "Leda", "Orus", "Puck", "Pulcherrima", "Rasalgethi", "Sadachbia",
        "Sadaltager", "Schedar", "Sulafat", "Umbriel", "Vindemiatrix", "Zephyr", "Zubenelgenubi",
    ];

    public static void Check(JsonElement setup, ModelProfile model)
    {
        var modalities = setup.Field("generationConfig").Field("responseModalities").Items().Select(m => m.GetString()).ToList();
        Refuse(
            modalities.Count > 1 || modalities.Any(m => m != "AUDIO"),
            $"Cannot extract voices from a non-audio request: the model {model.Model} answers with AUDIO alone.");

        var functions = setup.Field("tools").Items().SelectMany(t => t.Field("functionDeclarations").Items()).ToList();
        var searches = setup.Field("tools").Items().Any(t => t.Field("googleSearch") is not null);
        Refuse(searches && functions.Count > 0 && model.Is25, "Tool use with function calling and Google search together is unsupported.");
        for (var i = 0; i < functions.Count; i++)
        {
            var path = $"setup.tools.function_declarations[{i}]";
            var name = functions[i].Field("name").Text();
            Refuse(name is null, $"{path}.name: must not be empty.");
            Refuse(functions.Take(i).Any(f => f.Field("name").Text() == name), $"{path}: Duplicate function declaration found: {name}");
            Refuse(
                model.Is31 && functions[i].Field("behavior").Text() == "NON_BLOCKING",
                $"{path}.behavior: NON_BLOCKING is not supported by {model.Model}.");
            if (functions[i].Field("parameters") is { } parameters)
            {
                Refuse(parameters.Field("type").Text() != "OBJECT", $"{path}.parameters: must be of type OBJECT.");
                SchemaRules.Check(parameters, $"{path}.parameters");
            }
        }

        var compression = setup.Field("contextWindowCompression");
        Refuse(
            compression.Field("triggerTokens").Whole() is { } trigger
            && compression.Field("slidingWindow").Field("targetTokens").Whole() is { } target && target >= trigger,
            "setup.context_window_compression: target_tokens must be below trigger_tokens.");
    }

    private static void Refuse(bool wrong, string message)
    {
        if (wrong)
        {
            throw ProtocolException.Invalid(message);
        }
    }
}
