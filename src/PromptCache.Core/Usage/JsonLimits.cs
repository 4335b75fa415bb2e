using System.Text.Json;

namespace PromptCache.Core.Usage;

/// <summary>How responses are read.</summary>
internal static class JsonLimits
{
    /// <summary>Deeper than any response that means something; what is deeper passes unread.</summary>
    public static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };
}
