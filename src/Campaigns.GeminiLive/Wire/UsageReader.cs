using System.Text.Json;
using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Wire;

/// <summary>
/// Reads <c>usageMetadata</c> under the names of both platforms. What the details do not attribute counts as text in the prompt and, in a
/// conversation, as audio in the response: the only kind that is asked for.
/// </summary>
internal static class UsageReader
{
    /// <summary>Reads the value of the property the reader stands on; null if it is no object.</summary>
    internal static LiveUsage? Read(ref Utf8JsonReader reader)
    {
        if (!ServerMessageReader.EnterObject(ref reader))
        {
            return null;
        }

        long prompt = 0, tools = 0, response = 0, thoughts = 0;
        Details promptDetails = default, toolDetails = default, responseDetails = default;
        while (ServerMessageReader.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("promptTokenCount"u8))
            {
                prompt = ServerMessageReader.CountValue(ref reader);
            }
            else if (reader.ValueTextEquals("toolUsePromptTokenCount"u8))
            {
                tools = ServerMessageReader.CountValue(ref reader);
            }
            else if (reader.ValueTextEquals("responseTokenCount"u8) || reader.ValueTextEquals("candidatesTokenCount"u8))
            {
                response = ServerMessageReader.CountValue(ref reader);
            }
            else if (reader.ValueTextEquals("thoughtsTokenCount"u8))
            {
                thoughts = ServerMessageReader.CountValue(ref reader);
            }
            else if (reader.ValueTextEquals("promptTokensDetails"u8))
            {
                promptDetails = ReadDetails(ref reader);
            }
            else if (reader.ValueTextEquals("toolUsePromptTokensDetails"u8))
            {
                toolDetails = ReadDetails(ref reader);
            }
            else if (reader.ValueTextEquals("responseTokensDetails"u8) || reader.ValueTextEquals("candidatesTokensDetails"u8))
            {
                responseDetails = ReadDetails(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        var inputAudio = promptDetails.Audio + toolDetails.Audio;
        var input = Math.Max(prompt, promptDetails.Sum) + Math.Max(tools, toolDetails.Sum);
        var outputText = responseDetails.Sum - responseDetails.Audio;
        var output = Math.Max(response, responseDetails.Sum);
        return new LiveUsage(input - inputAudio, inputAudio, outputText + thoughts, output - outputText);
    }

    private static Details ReadDetails(ref Utf8JsonReader reader)
    {
        Details sum = default;
        if (!ServerMessageReader.EnterArray(ref reader))
        {
            return sum;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            var audio = false;
            long count = 0;
            while (ServerMessageReader.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("modality"u8))
                {
                    reader.Read();
                    audio = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("AUDIO"u8);
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("tokenCount"u8))
                {
                    count = ServerMessageReader.CountValue(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }

            sum = new Details(sum.Sum + count, sum.Audio + (audio ? count : 0));
        }

        return sum;
    }

    private readonly record struct Details(long Sum, long Audio);
}
