using System.Runtime.InteropServices;
using PromptCache.Tokenizers.Vocabularies;

namespace PromptCache.Tokenizers.Merging;

/// <summary>The tokens of pieces that were merged lately. Direct-mapped and of fixed size; owned by one caller at a time.</summary>
internal sealed class PieceCache
{
    /// <summary>The longest result that is kept.</summary>
    public const int MaxTokens = 6;

    private const int SlotBits = 12;

    private readonly Slot[] _slots = new Slot[1 << SlotBits];
    private readonly int[] _tokens = new int[MaxTokens << SlotBits];

    /// <summary>The tokens of a piece of up to 16 bytes; empty when it is not here.</summary>
    public ReadOnlySpan<int> Find(PieceKey key, int length)
    {
        var index = Index(key, length);
        ref readonly var slot = ref _slots[index];
        return slot.Key == key && slot.Length == length ? _tokens.AsSpan(index * MaxTokens, slot.Count) : [];
    }

    public void Keep(PieceKey key, int length, ReadOnlySpan<int> tokens)
    {
        if (tokens.Length > MaxTokens)
        {
            return;
        }

        var index = Index(key, length);
        tokens.CopyTo(_tokens.AsSpan(index * MaxTokens));
        _slots[index] = new(key, (byte)length, (byte)tokens.Length);
    }

    private static int Index(PieceKey key, int length) => (int)(key.Hash(length) >> (64 - SlotBits));

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Slot(PieceKey Key, byte Length, byte Count);
}
