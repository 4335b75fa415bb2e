namespace PromptCache.Gateway.Explain;

/// <summary>A form of a text in which small differences vanish. The number goes into the digest.</summary>
internal enum LooseForm : byte
{
    /// <summary>The text as it is.</summary>
    Exact = 0,

    /// <summary>JSON with its members in order.</summary>
    KeyOrder = 1,

    /// <summary>Without white space.</summary>
    WhiteSpace = 2,

    /// <summary>Without white space, in lower case.</summary>
    Case = 3,

    /// <summary>With dates, times, ids and names masked.</summary>
    Volatile = 4,
}
