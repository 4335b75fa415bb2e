using System.Text.Json;
using PromptCache.Core.Tokens;
using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.OpenAI;

/// <summary>A chat-completion request as prompt parts: tools, schema, messages as sent.</summary>
/// <remarks>
/// Token counts follow OpenAI's cookbook ("How to count tokens with tiktoken"): per message an overhead and the role's word,
/// per name one more and the name. Audio: 10 tokens per second, 48,000 bytes of it when it is WAV, else 16,000. A file: one page.
/// </remarks>
internal sealed class ChatReader(ModelTokenizer model, PromptMeter meter)
{
    // "Each page typically uses 1,500-3,000 tokens" (Anthropic, PDF support).
    private const int FileTokens = 1500;

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

        ToolPart.EndList(_parts);
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
            root.Member("prompt_cache_options").Text("mode") == "explicit",
            root.Text("prompt_cache_retention") == "24h",
            root.Text("cache_salt"));
    }

    private static TimeSpan? Marker(JsonElement element)
        => element.Member("cache_control").Is(JsonValueKind.Object) || element.Member("prompt_cache_breakpoint").Is(JsonValueKind.Object) ? MarkerTtl : null;

    private static int AudioTokens(JsonElement audio)
        => Math.Max(1, (int)(audio.Text("data").Length / 4L * 3 * 10 / (audio.Text("format") == "wav" ? 48_000 : 16_000)));

    private void AddTool(JsonElement tool)
    {
        _tools[tool.Member("function").Text("name")] = tool.Member("function").Member("parameters");
        _parts.Add(ToolPart.Of(CompactJson.Of(tool), model) with { MarkedFor = Marker(tool) });
    }

    private void AddMessage(JsonElement message)
    {
        var role = message.Text("role");
        _leading = _leading && role is "system" or "developer";
        var first = _parts.Count;
        var level = _leading ? PromptLevel.System : PromptLevel.Messages;
        AddText(level, role, "reasoning", message.Member("reasoning_content"));
        AddContent(level, role, message.Member("content"));
        AddText(level, role, "refusal", message.Member("refusal"));
        foreach (var call in message.Member("tool_calls").Items())
        {
            _parts.Add(new(level, $"{role} call", CompactJson.Of(call)) { MarkedFor = Marker(call) });
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

    private void AddText(PromptLevel level, string role, string kind, JsonElement text)
    {
        if (text.Is(JsonValueKind.String))
        {
            _parts.Add(new(level, $"{role} {kind}", JsonText.Utf8(text)));
        }
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
            "image_url" => (CompactJson.TextOf(part), [], ImageRule.Tokens(part.Member("image_url"))),
            "input_audio" => (CompactJson.TextOf(part), [], AudioTokens(part.Member("input_audio"))),
            "file" => (CompactJson.TextOf(part), [], FileTokens),
            _ => ("other", CompactJson.Of(part), 0),
        };
        _parts.Add(new(level, $"{role} {tag}", text) { ExtraTokens = tokens, MarkedFor = Marker(part) });
    }

    private int Count(string text) => meter.Count(System.Text.Encoding.UTF8.GetBytes(text), model.Tokenizer);
}
