namespace PromptCache.Core.Wire;

/// <summary>Why a text is not the JSON that is accepted.</summary>
internal enum JsonFault : byte
{
    None,
    Malformed,
    TooDeep,
}
