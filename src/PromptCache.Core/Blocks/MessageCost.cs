using PromptCache.Core.Prefixes;
using PromptCache.Core.Tokens;

namespace PromptCache.Core.Blocks;

/// <summary>What a message costs beside its content. The role words are counted once per encoding.</summary>
internal sealed class MessageCost(ITokenizer tokenizer)
{
    private readonly int[] _roles =
    [
        0,
        tokenizer.Count("system"u8),
        tokenizer.Count("developer"u8),
        tokenizer.Count("user"u8),
        tokenizer.Count("assistant"u8),
        tokenizer.Count("tool"u8),
        tokenizer.Count("function"u8),
        1,
    ];

    /// <summary>What the chat format adds in front of a message: its own overhead, the role's word, and the name if there is one.</summary>
    public int Of(SegmentRole role, ReadOnlySpan<byte> name, ChatFormat format)
        => format.TokensPerMessage + _roles[(int)role] + (name.IsEmpty ? 0 : format.TokensPerName + tokenizer.Count(name));
}
