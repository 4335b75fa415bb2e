using System.Collections.Frozen;
using System.Text.Json;
using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Hosting;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.OpenAI;

/// <summary>Refuses what OpenAI refuses: missing and mistyped fields always; unknown ones where the provider is strict.</summary>
internal static class ChatValidator
{
    // The request fields of OpenAI's API reference for chat completions, 2026.
    private static readonly FrozenSet<string> KnownFields = FrozenSet.ToFrozenSet(
    [
        "model", "messages", "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens",
        "metadata", "modalities", "moderation", "n", "parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key", "prompt_cache_retention",
        "reasoning_effort", "response_format", "safety_identifier", "seed", "service_tier", "stop", "store", "stream", "stream_options", "temperature",
        "tool_choice", "tools", "top_logprobs", "top_p", "user", "verbosity", "web_search_options",
    ]);

    public static Refusal? Check(JsonElement root, CallSettings settings)
    {
        var messages = root.Member("messages");
        return root.Member("model") switch
        {
            { ValueKind: JsonValueKind.Undefined } => new(400, "you must provide a model parameter", Param: "model"),
            { ValueKind: not JsonValueKind.String } => new(400, "Invalid type for 'model': expected a string.", "invalid_type", "model"),
            _ when messages.ValueKind == JsonValueKind.Undefined => new(400, "Missing required parameter: 'messages'.", "missing_required_parameter", "messages"),
            _ when messages.ValueKind != JsonValueKind.Array => new(400, "Invalid type for 'messages': expected an array of objects.", "invalid_type", "messages"),
            _ when messages.GetArrayLength() == 0 => new(400, "Invalid 'messages': empty array. Expected an array with minimum length 1.", "empty_array", "messages"),
            _ => messages.Items().Select(CheckMessage).FirstOrDefault(r => r is not null) ?? CheckStreamOptions(root) ?? (settings.Strict ? CheckKnown(root, settings) : null),
        };
    }

    private static Refusal? CheckMessage(JsonElement message, int index)
    {
        var path = $"messages[{index}]";
        if (!message.Is(JsonValueKind.Object))
        {
            return new(400, $"Invalid type for '{path}': expected an object.", "invalid_type", path);
        }

        if (message.Text("role") is not ("system" or "developer" or "user" or "assistant" or "tool" or "function"))
        {
            return new(400, $"Invalid value for '{path}.role'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.", "invalid_value", $"{path}.role");
        }

        return message.Member("content").ValueKind is JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String or JsonValueKind.Array
            ? null
            : new(400, $"Invalid type for '{path}.content': expected one of a string or array of objects.", "invalid_type", $"{path}.content");
    }

    private static Refusal? CheckStreamOptions(JsonElement root)
        => !root.Member("stream_options").IsMissing() && !root.Member("stream").IsTrue()
            ? new(400, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", Param: "stream_options")
            : null;

    private static Refusal? CheckKnown(JsonElement root, CallSettings settings)
    {
        // The two fields of explicit breakpoints came with GPT-5.6; older models refuse them.
        var explicitBreakpoints = settings.Rules.Mode == CacheMode.Automatic;
        var unknown = root.Members().Select(m => m.Name).FirstOrDefault(n => !KnownFields.Contains(n) && !(explicitBreakpoints && n == "prompt_cache_options"));
        unknown ??= root.Member("messages").Items().SelectMany((message, m) => UnknownInMessage(message, m, explicitBreakpoints)).FirstOrDefault();
        return unknown is null ? null : new(400, $"Unknown parameter: '{unknown}'.", "unknown_parameter", unknown);
    }

    private static IEnumerable<string> UnknownInMessage(JsonElement message, int index, bool explicitBreakpoints)
    {
        var path = $"messages[{index}]";
        if (!message.Member("cache_control").Is(JsonValueKind.Undefined))
        {
            yield return $"{path}.cache_control";
        }

        var part = 0;
        foreach (var content in message.Member("content").Items())
        {
            foreach (var name in content.Members().Select(m => m.Name).Where(n => n == "cache_control" || (n == "prompt_cache_breakpoint" && !explicitBreakpoints)))
            {
                yield return $"{path}.content[{part}].{name}";
            }

            part++;
        }
    }
}
