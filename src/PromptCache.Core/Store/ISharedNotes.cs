namespace PromptCache.Core.Store;

/// <summary>Small facts that gateways share for a while, such as the name that a provider gave to a cached prefix. Thread-safe.</summary>
/// <remarks>
/// Not for prompt text, completions or credentials: whoever reads the store reads the value. Keys are hashes from a keyed root.
/// Implementations throw when their backend fails; callers that must not fail catch it, and bound the wait by the token.
/// </remarks>
public interface ISharedNotes
{
    /// <summary>The longest value, in bytes.</summary>
    const int MaxValueBytes = 1024;

    /// <summary>The length of a key, in bytes.</summary>
    const int KeyBytes = 32;

    /// <summary>The note, or null when there is none or its time is over.</summary>
    ValueTask<byte[]?> GetAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken);

    /// <summary>Writes the note for <paramref name="ttl"/> from now; a note that was there is replaced, or kept with <paramref name="onlyIfAbsent"/>.</summary>
    /// <returns>Whether it was written.</returns>
    ValueTask<bool> SetAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, TimeSpan ttl, bool onlyIfAbsent, CancellationToken cancellationToken);

    /// <summary>Removes the note if there is one.</summary>
    ValueTask RemoveAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken);

    /// <summary>Refuses keys and values of the wrong size.</summary>
    /// <exception cref="ArgumentException">The key is not <see cref="KeyBytes"/> long, or the value is longer than <see cref="MaxValueBytes"/>.</exception>
    static void Check(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
    {
        if (key.Length != KeyBytes || value.Length > MaxValueBytes)
        {
            throw new ArgumentException($"A note's key has {KeyBytes} bytes and its value at most {MaxValueBytes}; these have {key.Length} and {value.Length}.");
        }
    }
}
