using PromptCache.Core.Prefixes;

namespace PromptCache.Core.Blocks;

/// <summary>The numbers that the chain's bytes depend on. A change of any of them makes every known prefix unknown.</summary>
internal static class ChainFormat
{
    /// <summary>The layout of root, block and salt. Part of the root.</summary>
    public const byte Version = 1;

    /// <summary>The rules that make canonical bytes out of a request. Part of the root.</summary>
    public const byte CanonicaliserVersion = Segmenter.FormatVersion;
}
