using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>Writes objects as compact JSON without the cache markers, at the levels where a marker may stand; what lies deeper (schemas, arguments) is the user's own.</summary>
internal static class CompactMembers
{
    // Behind the two markers: members whose objects are read for markers as well.
    private const int Markers = 2;
    private static readonly JsonNames Names = new("cache_control", "prompt_cache_breakpoint", "function", "image_url", "input_audio", "file", "source");

    /// <summary>Appends an object without its markers.</summary>
    public static void AppendObject(ReadOnlySpan<byte> body, int start, PooledBytes output) => AppendObject(body, start, output, digests: false, nested: true);

    /// <summary>Appends an object without its markers, and with digests in place of embedded files.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool AppendMedia(ReadOnlySpan<byte> body, int start, PooledBytes output) => AppendObject(body, start, output, digests: true, nested: true);

    /// <summary>Appends those members of an object that are not in <paramref name="known"/>, each with a comma behind it.</summary>
    /// <param name="body">The request's body.</param>
    /// <param name="start">Where the object stands.</param>
    /// <param name="names">The names that the reader knows.</param>
    /// <param name="known">A bit for each name that stands elsewhere in the segment.</param>
    /// <param name="output">Where they go.</param>
    public static void AppendOthers(ReadOnlySpan<byte> body, int start, JsonNames names, uint known, PooledBytes output)
    {
        var cursor = new JsonCursor(body, start);
        cursor.Enter();
        while (cursor.NextMember(out var name))
        {
            var value = cursor.Skip();
            var index = names.IndexOf(name.Of(body));
            if (index < 0 || (known & (1u << index)) == 0)
            {
                CompactJson.Append(body[name.Start..value.End], output);
                output.Write(","u8);
            }
        }
    }

    private static bool AppendObject(ReadOnlySpan<byte> body, int start, PooledBytes output, bool digests, bool nested)
    {
        var digested = false;
        var first = true;
        var cursor = new JsonCursor(body, start);
        cursor.Enter();
        output.Write("{"u8);
        while (cursor.NextMember(out var name))
        {
            var known = Names.IndexOf(name.Of(body));
            var kind = cursor.Kind;
            var value = cursor.Skip();
            if (known is >= 0 and < Markers)
            {
                continue;
            }

            output.Write(first ? ""u8 : ","u8);
            first = false;
            CompactJson.Append(name.Of(body), output);
            output.Write(":"u8);
            if (nested && known >= Markers && kind == JsonKind.Object)
            {
                digested |= AppendObject(body, value.Start, output, digests, nested: false);
            }
            else if (digests)
            {
                digested |= CompactJson.AppendDigesting(value.Of(body), output);
            }
            else
            {
                CompactJson.Append(value.Of(body), output);
            }
        }

        output.Write("}"u8);
        return digested;
    }
}
