using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>The prompt as segments, in the order tools, (schema,) system, messages, with the pooled bytes that they are ranges of.</summary>
public sealed class SegmentList(PooledBytes bytes, Segment[] segments, byte[] messagesSalt, CacheMarker automatic) : IDisposable
{
    /// <summary>Canonical bytes of all segments. Valid until this list is disposed.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes.Memory;

    public ReadOnlySpan<Segment> Segments => segments;

    public int Count => segments.Length;

    public ref readonly Segment this[int index] => ref segments[index];

    /// <summary>What invalidates the system level and the messages (speed, web search options, citations), canonical; it enters the chain behind the tools. Empty when nothing was said.</summary>
    public ReadOnlyMemory<byte> SystemSalt { get; init; }

    /// <summary>What invalidates only the messages level (tool_choice, presence of images, reasoning parameters), canonical; it enters the chain where the messages begin. Empty when nothing was said.</summary>
    public ReadOnlySpan<byte> MessagesSalt => messagesSalt;

    /// <summary>The request's top-level marker: caching by an automatic breakpoint on the last cacheable segment.</summary>
    public CacheMarker Automatic => automatic;

    /// <summary>The request's <c>prompt_cache_options.mode</c>.</summary>
    public CacheOptionsMode OptionsMode { get; init; }

    /// <summary>Whether the request's <c>prompt_cache_retention</c> is <c>24h</c>. Any other value is the provider's to judge.</summary>
    public bool ExtendedRetention { get; init; }

    /// <summary>Where a segment stands in the request, such as <c>messages[3].content[1]</c> or <c>tools[2]</c>.</summary>
    public string PathOf(int index) => SegmentPath.Of(segments[index]);

    /// <summary>The same prompt with markers (of the policy's default lifetime) on the given segments. It borrows this list's memory: only this list is disposed.</summary>
    public SegmentList WithMarkers(ReadOnlySpan<int> indexes)
    {
        var marked = (Segment[])segments.Clone();
        foreach (var index in indexes)
        {
            marked[index] = marked[index] with { Marker = new CacheMarker(Exists: true, Ttl: null) };
        }

        return new SegmentList(bytes, marked, messagesSalt, automatic) { SystemSalt = SystemSalt, OptionsMode = OptionsMode, ExtendedRetention = ExtendedRetention };
    }

    /// <summary>The index of the last segment that a user said and no tool; -1: there is none. Some models forget what they thought before it.</summary>
    public int LastUserTurn()
    {
        var last = segments.Length - 1;
        while (last >= 0 && segments[last] is not { Role: SegmentRole.User, Kind: not SegmentKind.ToolResult })
        {
            last--;
        }

        return last;
    }

    /// <summary>The canonical bytes of one segment.</summary>
    public ReadOnlySpan<byte> CanonicalOf(in Segment segment) => segment.Canonical.Of(bytes.Span);

    /// <summary>The bytes of one segment that are tokenized.</summary>
    public ReadOnlySpan<byte> TextOf(in Segment segment) => segment.Text.Of(bytes.Span);

    /// <inheritdoc/>
    public void Dispose() => bytes.Dispose();
}
