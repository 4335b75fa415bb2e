namespace PromptCache.Core.Wire;

/// <summary>A stretch of a body, in bytes from its start.</summary>
public readonly record struct ByteRange(int Start, int Length)
{
    /// <summary>The first byte behind the stretch.</summary>
    public int End => Start + Length;

    /// <summary>True for the default value: the thing was not there.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Cuts the stretch out of the body that it belongs to.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> body) => body.Slice(Start, Length);

    /// <summary>Cuts the stretch out of the body that it belongs to.</summary>
    public ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> body) => body.Slice(Start, Length);
}
