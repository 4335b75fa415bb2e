using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>One member of the request's top-level object, as ranges of the body. The default value: not there.</summary>
/// <param name="Name">The name with its quotes.</param>
/// <param name="Value">The raw value: quotes, brackets and inner white space included.</param>
public readonly record struct JsonMember(ByteRange Name, ByteRange Value)
{
    /// <summary>Whether the request has this member.</summary>
    public bool Exists => !Name.IsEmpty;
}
