using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>Log probabilities, asked for and told. Which models have them is Gemini's to say.</summary>
/// <remarks>Source: ai.google.dev, API reference, GenerationConfig (<c>responseLogprobs</c>, <c>logprobs</c> from 0 to 20) and LogprobsResult.</remarks>
internal static class GeminiLogprobs
{
    private const int MostTop = 20;

    /// <summary>What is wrong with <c>top_logprobs</c>.</summary>
    public static RequestError? Check(JsonValue top)
        => top.IsNothing || (top.TryGetInt64(out var number) && number is >= 0 and <= MostTop)
            ? null
            : new($"'top_logprobs' must be a whole number from 0 to {MostTop}.", "top_logprobs", "invalid_type");

    /// <summary>Writes the members of <c>generationConfig</c>.</summary>
    public static void WriteRequest(JsonOut json, JsonValue logprobs, JsonValue top)
    {
        if (logprobs.IsTrue)
        {
            json.Member("responseLogprobs"u8, "true"u8);
            if (top.TryGetInt64(out var number) && number > 0)
            {
                json.Member("logprobs"u8, number);
            }
        }
    }

    /// <summary>Whether a candidate has any.</summary>
    public static bool Has(JsonValue candidate) => candidate.Get("logprobsResult"u8).Get("chosenCandidates"u8).IsArray;

    /// <summary>Writes the <c>logprobs</c> member of a choice, if the candidate has any.</summary>
    public static void WriteMember(JsonOut json, JsonValue candidate)
    {
        if (!Has(candidate))
        {
            return;
        }

        var result = candidate.Get("logprobsResult"u8);
        json.Name("logprobs"u8);
        json.BeginObject();
        json.Name("content"u8);
        json.BeginArray();
        var chosen = result.Get("chosenCandidates"u8).Items();
        var top = result.Get("topCandidates"u8).Items();
        while (chosen.MoveNext())
        {
            json.BeginObject();
            WriteToken(json, chosen.Value);
            json.Name("top_logprobs"u8);
            json.BeginArray();
            if (top.MoveNext())
            {
                var others = top.Value.Get("candidates"u8).Items();
                while (others.MoveNext())
                {
                    json.BeginObject();
                    WriteToken(json, others.Value);
                    json.EndObject();
                }
            }

            json.EndArray();
            json.EndObject();
        }

        json.EndArray();
        json.Member("refusal"u8, "null"u8);
        json.EndObject();
    }

    private static void WriteToken(JsonOut json, JsonValue candidate)
    {
        var token = candidate.Get("token"u8);
        var probability = candidate.Get("logProbability"u8);
        json.Member("token"u8, token.IsString ? token.Raw : "\"\""u8);

        // The API leaves out numbers that are 0: a token that was certain.
        json.Member("logprob"u8, probability.IsNumber ? probability.Raw : "0"u8);
        json.Name("bytes"u8);
        json.BeginArray();
        using var text = new PooledText(token);
        foreach (var octet in text.Span)
        {
            json.Number(octet);
        }

        json.EndArray();
    }
}
