using System.Buffers;

namespace PromptCache.Providers.Anthropic;

/// <summary>A content block of a stream between its start and its stop.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Position">Its place among the message's elements; for a tool its place among the tool calls.</param>
internal sealed record AnthropicOpenBlock(AnthropicPartKind Kind, int Position)
{
    /// <summary>Thinking: its text so far. A tool: the input that came with its start.</summary>
    public ArrayBufferWriter<byte> Text { get; } = new();

    /// <summary>Thinking: its signature so far.</summary>
    public ArrayBufferWriter<byte> Signature { get; } = new();

    /// <summary>A tool: pieces of its input have come.</summary>
    public bool HasInput { get; set; }
}
