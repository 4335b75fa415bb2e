using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>Collects the few changes that a request needs, and writes the body with everything else untouched, byte for byte.</summary>
public sealed class RequestEditor(PromptRequest request)
{
    /// <summary>Whether any change was asked for; without one the original body is sent as it is.</summary>
    public bool HasChanges => throw new NotSupportedException();

    /// <summary>Puts another value in place of a member's value.</summary>
    public void Replace(JsonMember member, ReadOnlySpan<byte> json) => throw new NotSupportedException();

    /// <summary>Takes a top-level member out, with the comma that it no longer needs.</summary>
    public void Remove(JsonMember member) => throw new NotSupportedException();

    /// <summary>Adds a top-level member at the end of the object.</summary>
    public void Append(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json) => throw new NotSupportedException();

    /// <summary>Puts raw bytes in front of the byte at <paramref name="position"/>; for members inside nested objects.</summary>
    public void Insert(int position, ReadOnlySpan<byte> json) => throw new NotSupportedException();

    /// <summary>Takes a stretch out; for members inside nested objects.</summary>
    public void Cut(ByteRange range) => throw new NotSupportedException();

    /// <summary>Writes the changed body. The caller disposes it.</summary>
    public PooledBytes Build() => throw new NotSupportedException($"{request.Model}");
}
