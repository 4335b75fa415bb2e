using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Puts the thinking that a client sends back to where it stood, byte for byte: a changed or moved block is refused, and one that is missing costs the cache.</summary>
/// <remarks>Unsigned reasoning (<c>reasoning_content</c> alone, another vendor's details) cannot be sent: Anthropic checks signatures.</remarks>
internal ref struct AnthropicThinkingReplay
{
    private readonly AnthropicMessageWriter _writer;
    private readonly bool _verbatim;
    private JsonItems _blocks;

    public AnthropicThinkingReplay(AnthropicMessageWriter writer, ChatMessage message)
    {
        _writer = writer;
        _verbatim = message.ThinkingBlocks.IsArray;

        // Content that brings its own thinking parts needs no other.
        var source = _verbatim ? message.ThinkingBlocks : message.ReasoningDetails;
        _blocks = (HasThinking(message.Content) ? default : source).Items();
        Pending = _blocks.MoveNext();
    }

    /// <summary>Blocks written so far.</summary>
    public int Written { get; private set; }

    private bool Pending { get; set; }

    /// <summary>Writes the blocks that stood at or before that place among the message's elements; says how many.</summary>
    public int WriteUpTo(int position)
    {
        var before = Written;
        while (Pending && IsDue(_blocks.Value, (long)position + Written - before))
        {
            Write(_blocks.Value);
            Pending = _blocks.MoveNext();
        }

        return Written - before;
    }

    private static bool IsDue(JsonValue block, long position) => !block.Get("index"u8).TryGetInt64(out var index) || index <= position;

    private static bool HasThinking(JsonValue content)
    {
        var parts = content.Items();
        while (parts.MoveNext())
        {
            var type = parts.Value.Get("type"u8);
            if (type.Is("thinking"u8) || type.Is("redacted_thinking"u8))
            {
                return true;
            }
        }

        return false;
    }

    private void Write(JsonValue block)
    {
        if (_verbatim)
        {
            WriteVerbatim(block);
            return;
        }

        var format = block.Get("format"u8);
        if (format.IsString && !format.Text.StartsWith("anthropic"u8))
        {
            return;
        }

        var type = block.Get("type"u8);
        if (type.Is("reasoning.text"u8) && !block.Get("signature"u8).Text.IsEmpty)
        {
            var json = Begin();
            json.Member("type"u8, "\"thinking\""u8);
            var text = block.Get("text"u8);
            json.Member("thinking"u8, text.IsString ? text.Raw : "\"\""u8);
            json.Member("signature"u8, block.Get("signature"u8).Raw);
        }
        else if (type.Is("reasoning.encrypted"u8) && block.Get("data"u8).IsString)
        {
            var json = Begin();
            json.Member("type"u8, "\"redacted_thinking\""u8);
            json.Member("data"u8, block.Get("data"u8).Raw);
        }
    }

    private void WriteVerbatim(JsonValue block)
    {
        var type = block.Get("type"u8);
        if (!type.Is("redacted_thinking"u8) && (!type.Is("thinking"u8) || block.Get("signature"u8).Text.IsEmpty))
        {
            return;
        }

        var json = Begin();
        var members = block.Members();
        while (members.MoveNext())
        {
            if (!members.NameIs("cache_control"u8))
            {
                json.RawName(members.RawName);
                json.Raw(members.Value.Raw);
            }
        }
    }

    private JsonOut Begin()
    {
        Written++;
        return _writer.BeginBlock(markable: false);
    }
}
