using System.Buffers;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;

namespace PromptCache.Providers;

/// <summary>A protocol whose provider keeps prefixes as objects with a name: created once, used by name, renewed, forgotten. Stateless.</summary>
public interface IPrefixCaches
{
    /// <summary>The path below the base URL to which <see cref="WriteCreation"/> is posted.</summary>
    string CreationPath { get; }

    /// <summary>Whether a prompt can be divided behind one of its segments so that the provider accepts both halves.</summary>
    bool CanCut(SegmentList segments, int segment);

    /// <summary>Writes the request that creates a cache of everything up to and with <paramref name="last"/>.</summary>
    /// <returns>Null on success, else why there can be none.</returns>
    RequestError? WriteCreation(PromptRequest request, string model, in Segment last, TimeSpan ttl, IBufferWriter<byte> output);

    /// <summary>Writes the provider's request for what stands behind <paramref name="last"/>, on top of the cache of that name.</summary>
    /// <returns>Null on success, else why it cannot be done: the plain request is sent then.</returns>
    RequestError? Translate(PromptRequest request, string model, string name, in Segment last, IBufferWriter<byte> output);

    /// <summary>Reads the name, and how many tokens the provider counted, out of the answer to a creation.</summary>
    bool TryReadCreated(ReadOnlySpan<byte> body, out string name, out long? tokens);

    /// <summary>The path and query below the base URL to which <see cref="WriteRenewal"/> goes as a PATCH.</summary>
    string RenewalPath(string name);

    /// <summary>Writes the request that lets a cache live for <paramref name="ttl"/> from now.</summary>
    void WriteRenewal(TimeSpan ttl, IBufferWriter<byte> output);

    /// <summary>Whether an error with that status may come from a cache that is gone.</summary>
    bool MayBeGone(int status);

    /// <summary>Whether the error's text says that it does.</summary>
    bool IsGone(ReadOnlySpan<byte> body);
}
