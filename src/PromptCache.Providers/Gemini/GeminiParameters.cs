using System.Text;
using PromptCache.Core.Requests;
using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>Everything in the request beside tools and messages. It stands behind them, so that a changed parameter changes no byte of the prefix.</summary>
internal static class GeminiParameters
{
    // What Gemini knows under another name and takes as it is: numbers.
    private static readonly (string Name, byte[] Native)[] Numbers =
    [
        ("temperature", "temperature"u8.ToArray()),
        ("top_p", "topP"u8.ToArray()),
        ("top_k", "topK"u8.ToArray()),
        ("seed", "seed"u8.ToArray()),
        ("presence_penalty", "presencePenalty"u8.ToArray()),
        ("frequency_penalty", "frequencyPenalty"u8.ToArray()),
    ];

    // Refused where a client would wait for what is not translated. What only steers (logit_bias, verbosity, prediction, store,
    // user, parallel_tool_calls, ...) is left out: Gemini answers 400 to a field that it does not know.
    private static readonly string[] Refused = ["functions", "function_call", "audio"];

    /// <summary>Says what in the request has no counterpart.</summary>
    public static RequestError? Check(PromptRequest request)
    {
        foreach (var name in Refused)
        {
            if (!Get(request, name).IsNothing)
            {
                return Unsupported(name);
            }
        }

        foreach (var (name, minimum) in (ReadOnlySpan<(string, int)>)[("n", 1), ("max_completion_tokens", 0), ("max_tokens", 0)])
        {
            var value = Get(request, name);
            if (!value.IsNothing && (!value.TryGetInt64(out var number) || number < minimum))
            {
                return new($"'{name}' must be a whole number.", name, "invalid_type");
            }
        }

        foreach (var (name, _) in Numbers)
        {
            var value = Get(request, name);
            if (!value.IsNothing && !value.IsNumber)
            {
                return new($"'{name}' must be a number.", name, "invalid_type");
            }
        }

        return GeminiLogprobs.Check(Get(request, "top_logprobs")) ?? CheckModalities(request) ?? CheckFormat(Get(request, "response_format"));
    }

    /// <summary>Writes the parameters: <c>generationConfig</c> and what stands beside it.</summary>
    public static void Write(JsonOut json, PromptRequest request, GeminiModel model, ChatReasoning reasoning)
    {
        json.Name("generationConfig"u8);
        json.BeginObject();
        WriteLimit(json, request);
        foreach (var (name, native) in Numbers)
        {
            var value = Get(request, name);
            if (value.IsNumber)
            {
                json.Member(native, value.Raw);
            }
        }

        if (Get(request, "n").TryGetInt64(out var choices) && choices > 1)
        {
            json.Member("candidateCount"u8, choices);
        }

        GeminiLogprobs.WriteRequest(json, Get(request, "logprobs"), Get(request, "top_logprobs"));
        WriteStop(json, Get(request, "stop"));
        WriteFormat(json, Get(request, "response_format"));
        WriteModalities(json, Get(request, "modalities"));
        GeminiThinking.Write(json, model, reasoning);
        json.EndObject();
        var safety = Get(request, "safety_settings");
        safety = safety.IsArray ? safety : Get(request, "safetySettings");
        if (safety.IsArray)
        {
            json.Member("safetySettings"u8, safety.Raw);
        }

        WriteTier(json, Get(request, "service_tier"));
    }

    /// <summary>A top-level member of the request.</summary>
    public static JsonValue Get(PromptRequest request, string name)
    {
        var member = request.Find(Encoding.ASCII.GetBytes(name));
        return member.Exists ? new(request.ValueOf(member)) : default;
    }

    private static RequestError? CheckModalities(PromptRequest request)
    {
        var modalities = Get(request, "modalities").Items();
        while (modalities.MoveNext())
        {
            if (!modalities.Value.Is("text"u8) && !modalities.Value.Is("image"u8))
            {
                return Unsupported("modalities");
            }
        }

        return null;
    }

    private static RequestError? CheckFormat(JsonValue format)
    {
        var type = format.Get("type"u8);
        return format.IsNothing || type.Is("text"u8) || type.Is("json_object"u8) || (type.Is("json_schema"u8) && format.Get("json_schema"u8).Get("schema"u8).IsObject)
            ? null
            : new("'response_format' must be text, json_object, or json_schema with a schema.", "response_format", "invalid_response_format");
    }

    private static void WriteLimit(JsonOut json, PromptRequest request)
    {
        if (Get(request, "max_completion_tokens").TryGetInt64(out var limit) || Get(request, "max_tokens").TryGetInt64(out limit))
        {
            json.Member("maxOutputTokens"u8, limit);
        }
    }

    private static void WriteStop(JsonOut json, JsonValue stop)
    {
        if (!stop.IsArray && !stop.IsString)
        {
            return;
        }

        json.Name("stopSequences"u8);
        json.BeginArray();
        if (stop.IsString)
        {
            json.Raw(stop.Raw);
        }

        var items = stop.Items();
        while (items.MoveNext())
        {
            if (items.Value.IsString)
            {
                json.Raw(items.Value.Raw);
            }
        }

        json.EndArray();
    }

    private static void WriteFormat(JsonOut json, JsonValue format)
    {
        var type = format.Get("type"u8);
        if (!type.Is("json_object"u8) && !type.Is("json_schema"u8))
        {
            return;
        }

        json.Member("responseMimeType"u8, "\"application/json\""u8);
        if (type.Is("json_schema"u8))
        {
            json.Member("responseJsonSchema"u8, format.Get("json_schema"u8).Get("schema"u8).Raw);
        }
    }

    private static void WriteModalities(JsonOut json, JsonValue modalities)
    {
        var any = false;
        var items = modalities.Items();
        while (items.MoveNext())
        {
            if (!any)
            {
                json.Name("responseModalities"u8);
                json.BeginArray();
                any = true;
            }

            json.Raw(items.Value.Is("image"u8) ? "\"IMAGE\""u8 : "\"TEXT\""u8);
        }

        if (any)
        {
            json.EndArray();
        }
    }

    private static void WriteTier(JsonOut json, JsonValue tier)
    {
        if (tier.Is("flex"u8) || tier.Is("priority"u8))
        {
            json.Member("serviceTier"u8, tier.Raw);
        }
        else if (tier.Is("default"u8) || tier.Is("standard"u8))
        {
            json.Member("serviceTier"u8, "\"standard\""u8);
        }
    }

    private static RequestError Unsupported(string name) => new($"'{name}' has no counterpart at Gemini.", name, "unsupported_parameter");
}
