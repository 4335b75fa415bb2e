using System.Text.Json;
using PromptCache.Core.Tokens;
using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>A Messages request as prompt parts: tools, system, messages; one part for each unit that a marker can stand on.</summary>
/// <remarks>
/// Anthropic's vocabulary and its own overhead are not public: counts use the catalog's encoding for the model and OpenAI's
/// overhead per message, so that a gateway's figures can be compared. An image counts 765 tokens, a document that is not text 1,500.
/// </remarks>
internal sealed class MessagesPrompt(ModelTokenizer model, PromptMeter meter)
{
    private const int ImageTokens = 765;
    private const int DocumentTokens = 1500;

    private readonly List<PromptPart> _parts = [];

    private bool _forgets;

    public static IReadOnlyList<PromptPart> Parts(JsonElement root, ModelTokenizer model, PromptMeter meter) => new MessagesPrompt(model, meter).Read(root);

    /// <summary>What changes the messages level alone: tool_choice, images anywhere, thinking, effort.</summary>
    public static string MessagesSalt(JsonElement root)
    {
        var images = root.Member("messages").Items().SelectMany(m => m.Member("content").Items())
            .SelectMany(b => b.Member("content").Items().Prepend(b)).Any(b => b.Text("type") == "image");
        var said = new[]
        {
            IsDefault(root.Member("tool_choice")) ? "" : CompactJson.TextOf(root.Member("tool_choice")),
            CompactJson.TextOf(root.Member("thinking")),
            root.Member("output_config").Text("effort"),
            images ? "images" : "",
        };
        return said.All(s => s is "") ? "" : string.Join('\n', said);
    }

    private static bool IsDefault(JsonElement choice) => choice.Text("type") == "auto" && !choice.Member("disable_parallel_tool_use").IsTrue();

    private List<PromptPart> Read(JsonElement root)
    {
        // A web search at the list's end is part of the system level too.
        JsonElement[] list = [.. root.Member("tools").Items()];
        var tools = Array.FindLastIndex(list, t => !IsSearch(t)) + 1;
        _parts.AddRange(list[..tools].Select(t => ToolPart.Of(CompactJson.Of(t), model)));
        ToolPart.EndList(_parts);
        _parts.AddRange(list[tools..].Select(t => ToolPart.Of(CompactJson.Of(t), model) with { Level = PromptLevel.System }));
        // Speed, citations and the shape of the answer are part of the system level, whether there is a system prompt or not.
        var citations = root.Member("messages").Items().SelectMany(m => m.Member("content").Items()).Any(b => b.Member("citations").Member("enabled").IsTrue());
        var systemSalt = $"{root.Text("speed")} {citations} {CompactJson.TextOf(root.Member("output_config").Member("format"))}";
        AddMessage(PromptLevel.System, "system", root.Member("system"));
        JsonElement[] messages = [.. root.Member("messages").Items()];
        var asked = AnthropicModels.ForgetsThinking(root.Text("model")) ? Array.FindLastIndex(messages, IsUserTurn) : -1;
        foreach (var (message, i) in messages.Select((m, i) => (m, i)))
        {
            _forgets = i < asked;
            AddMessage(PromptLevel.Messages, message.Text("role"), message.Member("content"));
        }

        if (tools < _parts.Count)
        {
            _parts[tools] = _parts[tools] with { Tag = $"{_parts[tools].Tag} {systemSalt}" };
        }

        return _parts;
    }

    private static bool IsSearch(JsonElement tool) => tool.Text("type").StartsWith("web_search", StringComparison.Ordinal);

    private static bool IsUserTurn(JsonElement message)
        => message.Text("role") == "user" && (message.Member("content").Is(JsonValueKind.String) || message.Member("content").Items().Any(b => b.Text("type") != "tool_result"));

    private void AddMessage(PromptLevel level, string role, JsonElement content)
    {
        var first = _parts.Count;
        if (content.Is(JsonValueKind.String))
        {
            _parts.Add(new(level, $"{role} text", JsonText.Utf8(content)));
        }

        foreach (var block in content.Items())
        {
            _parts.Add(Block(level, role, block));
        }

        if (first < _parts.Count)
        {
            var overhead = model.Format.TokensPerMessage + meter.Count(System.Text.Encoding.UTF8.GetBytes(role), model.Tokenizer);
            _parts[first] = _parts[first] with { ExtraTokens = _parts[first].ExtraTokens + overhead, Tag = $"{_parts[first].Tag} starts" };
        }
    }

    private PromptPart Block(PromptLevel level, string role, JsonElement block)
    {
        if (_forgets && block.Text("type") is ("thinking" or "redacted_thinking"))
        {
            return new(level, $"{role} forgotten thinking", []);
        }

        var (tag, text, tokens) = Content(block);
        return new(level, $"{role} {tag}", text) { ExtraTokens = tokens };
    }

    private static (string Tag, byte[] Text, int Tokens) Content(JsonElement block)
    {
        switch (block.Text("type"))
        {
            case "text":
                return ("text", JsonText.Utf8(block.Member("text")), 0);
            case "thinking":
                return ($"thinking {block.Text("signature")}", JsonText.Utf8(block.Member("thinking")), 0);
            case "image":
                return (CompactJson.TextOf(block), [], ImageTokens);
            case "document" when block.Member("source").Text("type") is not ("text" or "content"):
                return (CompactJson.TextOf(block), [], DocumentTokens);
            case "tool_result":
                return ToolResult(block);
            default:
                return (block.Text("type"), CompactJson.Of(block), 0);
        }
    }

    private static (string Tag, byte[] Text, int Tokens) ToolResult(JsonElement block)
    {
        var tag = $"tool_result {block.Text("tool_use_id")} {block.Member("is_error").IsTrue()}";
        if (block.Member("content").Is(JsonValueKind.String))
        {
            var text = JsonText.Utf8(block.Member("content"));
            return ($"{tag} 1 {text.Length}", text, 0);
        }

        (string Tag, byte[] Text, int Tokens)[] inner = [.. block.Member("content").Items().Select(Content)];
        return ($"{tag} {inner.Length} {string.Join('\n', inner.Select(c => c.Tag == "text" ? $"{c.Text.Length}" : c.Tag))}", [.. inner.SelectMany(c => c.Text)], inner.Sum(c => c.Tokens));
    }
}
