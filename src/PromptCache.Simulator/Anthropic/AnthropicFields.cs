using System.Collections.Frozen;
using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>The fields of each object in a Messages request, after anthropic-sdk-python's types (2026-08); any other is "Extra inputs are not permitted".</summary>
internal static class AnthropicFields
{
    private static readonly FrozenDictionary<string, FrozenSet<string>> Known = new Dictionary<string, string>
    {
        ["request"] = "model messages max_tokens metadata stop_sequences stream system temperature thinking tool_choice tools top_k top_p cache_control service_tier output_config output_format container context_management mcp_servers inference_geo speed diagnostics",
        ["message"] = "role content",
        ["metadata"] = "user_id",
        ["cache_control"] = "type ttl",
        ["output_config"] = "effort format",
        ["tool"] = "type name description input_schema cache_control strict defer_loading allowed_callers input_examples eager_input_streaming",
        ["tool_choice"] = "type name disable_parallel_tool_use",
        ["thinking_config"] = "type budget_tokens display",
        ["text"] = "type text cache_control citations",
        ["image"] = "type source cache_control",
        ["document"] = "type source cache_control citations context title",
        ["tool_use"] = "type id name input cache_control caller",
        ["tool_result"] = "type tool_use_id content is_error cache_control",
        ["thinking"] = "type thinking signature",
        ["redacted_thinking"] = "type data",
        ["search_result"] = "type source title content citations cache_control",
        ["server_tool_use"] = "type id name input cache_control caller",
        ["container_upload"] = "type file_id cache_control",
        ["tool_reference"] = "type tool_name cache_control",
        ["source.base64"] = "type media_type data",
        ["source.url"] = "type url",
        ["source.file"] = "type file_id",
        ["source.text"] = "type media_type data",
        ["source.content"] = "type content",
    }.ToFrozenDictionary(f => f.Key, f => f.Value.Split(' ').ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);

    public static bool IsKnown(string kind) => Known.ContainsKey(kind);

    /// <summary>The fields that an object of a kind may not have.</summary>
    public static IEnumerable<string> Extra(string kind, JsonElement element, string path)
        => element.Members().Where(m => !Known[kind].Contains(m.Name)).Select(m => $"{(path is "" ? "" : path + ".")}{m.Name}: Extra inputs are not permitted");
}
