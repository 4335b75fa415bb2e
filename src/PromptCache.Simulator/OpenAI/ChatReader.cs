using System.Text.Json;
using PromptCache.Core.Tokens;
using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.OpenAI;

/// <summary>A chat-completion request as prompt parts: tools, schema, messages as sent.</summary>
/// <remarks>
/// Token counts follow OpenAI's cookbook ("How to count tokens with tiktoken"): per message an overhead and the role's word,
/// per name one more and the name. Images: 85 tokens with low detail, else 765 (85 and four tiles of 170).
/// </remarks>
internal sealed class ChatReader(ModelTokenizer model, PromptMeter meter)
{
    private const int LowDetailTokens = 85;
    private const int HighDetailTokens = 765;

    private static readonly TimeSpan MarkerTtl = TimeSpan.FromMinutes(5);

    private readonly List<PromptPart> _parts = [];
    private readonly Dictionary<string, JsonElement> _tools = new(StringComparer.Ordinal);
    private bool _leading = true;

    public ChatRequest Read(JsonElement root)
    {
        foreach (var tool in root.Member("tools").Items())
        {
            AddTool(tool);
        }

        if (root.Member("response_format") is { ValueKind: JsonValueKind.Object } format && format.Text("type") == "json_schema")
        {
            _parts.Add(new(PromptLevel.System, "schema", CompactJson.Of(format)));
        }

        foreach (var message in root.Member("messages").Items())
        {
            AddMessage(message);
        }

        int?[] caps = [root.Int("max_tokens"), root.Int("max_completion_tokens")];
        return new(
            root.Text("model"),
            _parts,
            _tools,
            root.Member("stream").IsTrue(),
            root.Member("stream_options").Member("include_usage").IsTrue(),
            root.Member("usage").Member("include").IsTrue(),
            caps.Min(),
            root.Text("cache_salt"));
    }

    private static TimeSpan? Marker(JsonElement element)
        => element.Member("cache_control").Is(JsonValueKind.Object) || element.Member("prompt_cache_breakpoint").Is(JsonValueKind.Object) ? MarkerTtl : null;

    private void AddTool(JsonElement tool)
    {
        _tools[tool.Member("function").Text("name")] = tool.Member("function").Member("parameters");
        _parts.Add(new(PromptLevel.Tools, "tool", CompactJson.Of(tool)) { ExtraTokens = model.Format.FunctionInit, MarkedFor = Marker(tool) });
    }

    private void AddMessage(JsonElement message)
    {
        var role = message.Text("role");
        _leading = _leading && role is "system" or "developer";
        var first = _parts.Count;
        var level = _leading ? PromptLevel.System : PromptLevel.Messages;
        AddContent(level, role, message.Member("content"));
        foreach (var (kind, field) in new[] { ("reasoning", "reasoning_content"), ("refusal", "refusal") })
        {
            if (message.Text(field) is { Length: > 0 })
            {
                _parts.Add(new(level, $"{role} {kind}", JsonText.Utf8(message.Member(field))));
            }
        }

        foreach (var call in message.Member("tool_calls").Items())
        {
            _parts.Add(new(level, $"{role} call {call.Text("id")}", [.. JsonText.Utf8(call.Member("function").Member("name")), .. JsonText.Utf8(call.Member("function").Member("arguments"))]) { MarkedFor = Marker(call) });
        }

        var name = message.Text("name");
        var overhead = model.Format.TokensPerMessage + Count(role) + (name is "" ? 0 : model.Format.TokensPerName + Count(name));
        _parts[first] = _parts[first] with
        {
            ExtraTokens = _parts[first].ExtraTokens + overhead,
            Tag = $"{_parts[first].Tag} starts {name} {message.Text("tool_call_id")}",
        };
        _parts[^1] = _parts[^1] with { MarkedFor = _parts[^1].MarkedFor ?? Marker(message) };
    }

    private void AddContent(PromptLevel level, string role, JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.Array && content.GetArrayLength() > 0)
        {
            foreach (var part in content.EnumerateArray())
            {
                AddPart(level, role, part);
            }
        }
        else
        {
            _parts.Add(new(level, content.Is(JsonValueKind.String) ? $"{role} text" : $"{role} null", content.Is(JsonValueKind.String) ? JsonText.Utf8(content) : []));
        }
    }

    private void AddPart(PromptLevel level, string role, JsonElement part)
    {
        var (tag, text, tokens) = part.Text("type") switch
        {
            "text" => ("text", JsonText.Utf8(part.Member("text")), 0),
            "refusal" => ("refusal", JsonText.Utf8(part.Member("refusal")), 0),
            "image_url" => (CompactJson.TextOf(part), [], part.Member("image_url").Text("detail") == "low" ? LowDetailTokens : HighDetailTokens),
            "input_audio" or "file" => (CompactJson.TextOf(part), [], 0),
            _ => ("other", CompactJson.Of(part), 0),
        };
        _parts.Add(new(level, $"{role} {tag}", text) { ExtraTokens = tokens, MarkedFor = Marker(part) });
    }

    private int Count(string text) => meter.Count(System.Text.Encoding.UTF8.GetBytes(text), model.Tokenizer);
}
