using PromptCache.Core.Requests;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>Refuses markers inside a part: only the part as a whole can be marked.</summary>
internal static class NestedMarkers
{
    private const int LongestName = 64;
    private static readonly JsonNames Names = new("cache_control", "prompt_cache_breakpoint");

    /// <summary>Looks through a value to its depths; null when it has no marker.</summary>
    public static RequestError? Refuse(ReadOnlySpan<byte> body, ByteRange value, string field, SegmentOrigin origin, int item, int part)
    {
        if (value.IsEmpty)
        {
            return null;
        }

        var cursor = new JsonCursor(body, value.Start);
        return Find(body, ref cursor) is { } inner
            ? RequestErrors.MarkerNotAllowed($"{SegmentPath.Of(origin, item, part)}.{field}{inner}", "a marker may not stand inside a part; mark the part itself.")
            : null;
    }

    /// <summary>The path of a marker, from the value at the cursor; steps over the value.</summary>
    private static string? Find(ReadOnlySpan<byte> body, ref JsonCursor cursor)
    {
        string? found = null;
        switch (cursor.Kind)
        {
            case JsonKind.Object:
                cursor.Enter();
                while (cursor.NextMember(out var name))
                {
                    var marker = Names.IndexOf(name.Of(body));
                    if (marker >= 0 && cursor.Kind != JsonKind.Null)
                    {
                        found ??= marker == 0 ? ".cache_control" : ".prompt_cache_breakpoint";
                    }

                    if (Find(body, ref cursor) is { } inner)
                    {
                        found ??= $".{NameOf(body, name)}{inner}";
                    }
                }

                break;
            case JsonKind.Array:
                cursor.Enter();
                for (var index = 0; cursor.NextItem(); index++)
                {
                    if (Find(body, ref cursor) is { } inner)
                    {
                        found ??= $"[{index}]{inner}";
                    }
                }

                break;
            default:
                cursor.Skip();
                break;
        }

        return found;
    }

    private static string NameOf(ReadOnlySpan<byte> body, ByteRange name)
        => name.Length > LongestName ? "*" : JsonEscapes.DecodeToString(JsonScan.Unquote(body, name));
}
