using PromptCache.Core.Prefixes;
using PromptCache.Core.Tokens;

namespace PromptCache.Core.Blocks;

/// <summary>The tokens of the role words in one encoding, counted once.</summary>
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

    /// <summary>What the chat format adds in front of a message: its own overhead, and the role's word.</summary>
    public int Of(SegmentRole role, ChatFormat format) => format.TokensPerMessage + _roles[(int)role];
}
