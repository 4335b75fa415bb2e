using System.Runtime.InteropServices;

namespace PromptCache.Core.Blocks;

/// <summary>All 32 bytes of a SHA-256: nothing shorter may stand for a text, because a collision would bill one prompt as another.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct MemoKey(ulong A, ulong B, ulong C, ulong D)
{
    public static MemoKey From(ReadOnlySpan<byte> hash) => MemoryMarshal.Read<MemoKey>(hash);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)A;
}
