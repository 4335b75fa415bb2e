using System.Buffers;
using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Writes <c>system</c> and <c>messages</c> as content blocks. It holds the last block open, so that a marker that comes late still finds its place.</summary>
/// <remarks>
/// A marker is the last member of its block: with the markers taken out, two requests that share messages share bytes.
/// A message without a block is not written: Anthropic refuses empty content.
/// </remarks>
internal sealed class AnthropicMessageWriter(JsonOut json)
{
    private readonly ArrayBufferWriter<byte> _marker = new(64);
    private AnthropicRole _role;
    private AnthropicRole _written;
    private bool _joins;
    private bool _blockOpen;
    private bool _markable;
    private bool _inMessage;

    /// <summary>Messages written so far, the system prompt not counted.</summary>
    public int Count { get; private set; }

    /// <summary>Whose message was written last.</summary>
    public AnthropicRole Written => _written;

    /// <summary>Starts a message; it is written when its first block is.</summary>
    /// <param name="role">Whose it is.</param>
    /// <param name="joins">Whether its blocks go into the message before, if that is of the same kind.</param>
    public void BeginMessage(AnthropicRole role, bool joins)
    {
        CloseBlock();
        _role = role;
        _joins = joins && _written == role;
        _inMessage = false;
    }

    /// <summary>Opens a block: the caller writes its members, and nothing else until the next call to this writer.</summary>
    /// <param name="markable">False where Anthropic accepts no marker: thinking.</param>
    public JsonOut BeginBlock(bool markable = true)
    {
        CloseBlock();
        if (!_inMessage)
        {
            OpenMessage();
        }

        json.BeginObject();
        _blockOpen = true;
        _markable = markable;
        return json;
    }

    /// <summary>Marks the open block. Thinking is never marked; text that was dropped leaves its marker to the block before it in the message.</summary>
    public RequestError? Mark(JsonValue cacheControl)
    {
        if (cacheControl.IsNothing)
        {
            return null;
        }

        var scratch = new ArrayBufferWriter<byte>(64);
        if (AnthropicCacheControl.Write(cacheControl, scratch) is { } error)
        {
            return error;
        }

        // The block's own marker came first and is the more exact one.
        if (_blockOpen && _markable && _marker.WrittenCount == 0)
        {
            _marker.Write(scratch.WrittenSpan);
        }

        return null;
    }

    /// <summary>Marks the open block with the default lifetime.</summary>
    public void MarkDefault()
    {
        if (_blockOpen && _markable && _marker.WrittenCount == 0)
        {
            _marker.Write("{\"type\":\"ephemeral\"}"u8);
        }
    }

    /// <summary>Closes whatever is open.</summary>
    public void End()
    {
        CloseBlock();
        CloseMessage();
        if (Count > 0)
        {
            json.EndArray();
        }
    }

    private void OpenMessage()
    {
        _inMessage = true;
        if (_joins)
        {
            return;
        }

        CloseMessage();
        _written = _role;
        if (_role == AnthropicRole.Leading)
        {
            json.Name("system"u8);
            json.BeginArray();
            return;
        }

        if (Count++ == 0)
        {
            json.Name("messages"u8);
            json.BeginArray();
        }

        json.BeginObject();
        json.Member("role"u8, RoleName(_role));
        json.Name("content"u8);
        json.BeginArray();
    }

    private void CloseBlock()
    {
        if (!_blockOpen)
        {
            return;
        }

        if (_marker.WrittenCount > 0)
        {
            json.Member("cache_control"u8, _marker.WrittenSpan);
            _marker.ResetWrittenCount();
        }

        json.EndObject();
        _blockOpen = false;
    }

    private void CloseMessage()
    {
        if (_written == AnthropicRole.None)
        {
            return;
        }

        json.EndArray();
        if (_written != AnthropicRole.Leading)
        {
            json.EndObject();
        }

        _written = AnthropicRole.None;
    }

    private static ReadOnlySpan<byte> RoleName(AnthropicRole role) => role switch
    {
        AnthropicRole.Assistant => "\"assistant\""u8,
        AnthropicRole.System => "\"system\""u8,
        _ => "\"user\""u8,
    };
}
