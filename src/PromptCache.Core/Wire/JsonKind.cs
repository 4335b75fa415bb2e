namespace PromptCache.Core.Wire;

/// <summary>The type of a JSON value, as its first byte tells it.</summary>
internal enum JsonKind : byte
{
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,
}
