using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Gemini;

/// <summary>Calls and their responses: where they stand, how many, and the signatures of the thoughts behind them.</summary>
internal static class FunctionTurns
{
    // "Thought signatures": what a client may send for calls that no Gemini model made.
    private const string SkipSignature = "skip_thought_signature_validator";

    public static string Signature(string name) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes("simulator\n" + name)));

    public static IEnumerable<string> Problems(JsonElement contents, string model)
    {
        (string Role, JsonElement[] Parts)[] turns = [.. contents.Items().Select(c => (c.FieldText("role"), c.Field("parts").Items().ToArray()))];
        var lastUserText = Array.FindLastIndex(turns, t => t.Role != "model" && t.Parts.Any(p => p.Field("functionResponse").IsMissing()));
        for (var t = 0; t < turns.Length; t++)
        {
            JsonElement[] calls = [.. turns[t].Parts.Where(p => !p.Field("functionCall").IsMissing())];
            if (calls.Length == 0)
            {
                continue;
            }

            if (t == 0 || turns[t - 1].Role == "model")
            {
                yield return "Please ensure that function call turn comes immediately after a user turn or after a function response turn.";
            }

            if (t + 1 < turns.Length && turns[t + 1].Parts.Count(p => !p.Field("functionResponse").IsMissing()) != calls.Length)
            {
                yield return "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
            }

            // Of parallel calls the first carries the signature; earlier turns are not looked at.
            if (GeminiModels.NeedsSignatures(model) && t > lastUserText)
            {
                var name = calls[0].Field("functionCall").FieldText("name");
                var signature = calls[0].FieldText("thoughtSignature");
                if (signature is "")
                {
                    yield return $"Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call `default_api:{name}`, position {t + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.";
                }
                else if (signature != SkipSignature && signature != Signature(name))
                {
                    yield return "Thought signature is not valid.";
                }
            }
        }
    }
}
