using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace PromptCache.Tokenizers.Vocabularies;

/// <summary>Up to 16 bytes as two numbers, zero behind the end.</summary>
internal readonly record struct PieceKey(ulong Low, ulong High)
{
    public const int MaxLength = 16;

    /// <summary>Loads a piece of 1 to 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PieceKey Load(ReadOnlySpan<byte> text, int start, int length)
    {
        if (text.Length - start < MaxLength)
        {
            return LoadNearEnd(text.Slice(start, length));
        }

        var low = BinaryPrimitives.ReadUInt64LittleEndian(text[start..]);
        if (length <= 8)
        {
            return new(low & (ulong.MaxValue >> (64 - (8 * length))), 0);
        }

        var high = BinaryPrimitives.ReadUInt64LittleEndian(text[(start + 8)..]);
        return new(low, high & (ulong.MaxValue >> (128 - (8 * length))));
    }

    /// <summary>A hash whose upper bits are the good ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash(int length)
    {
        // Multipliers of the 64-bit finalizer of SplitMix (public domain).
        var mixed = (Low ^ ((ulong)length << 56)) * 0xBF58476D1CE4E5B9;
        mixed ^= mixed >> 32;
        mixed = (mixed + High) * 0x94D049BB133111EB;
        mixed ^= mixed >> 29;
        return mixed * 0x9E3779B97F4A7C15;
    }

    private static PieceKey LoadNearEnd(ReadOnlySpan<byte> piece)
    {
        Span<byte> padded = stackalloc byte[MaxLength];
        padded.Clear();
        piece.CopyTo(padded);
        return new(BinaryPrimitives.ReadUInt64LittleEndian(padded), BinaryPrimitives.ReadUInt64LittleEndian(padded[8..]));
    }
}
