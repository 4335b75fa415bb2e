using PromptCache.Core.Requests;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>A tool definition or a call to one segment, hashed whole but for its marker.</summary>
internal static class ObjectCutter
{
    private static readonly JsonNames Names = new("cache_control", "prompt_cache_breakpoint", "function", "type");

    /// <summary>Cuts the object that stands at the cursor, and steps over it.</summary>
    public static RequestError? Cut(ref SegmentWriter writer, ref JsonCursor cursor, SegmentKind kind, SegmentOrigin origin, int part)
    {
        var body = writer.Body;
        if (cursor.Kind != JsonKind.Object)
        {
            return RequestErrors.WrongType(SegmentPath.Of(origin, writer.Item, part), "an object", cursor.Kind);
        }

        var start = cursor.Position;
        var fields = ObjectFields.Scan(body, ref cursor, Names);
        if (fields.Repeated >= 0)
        {
            return RequestErrors.Repeated($"{SegmentPath.Of(origin, writer.Item, part)}.{Names[fields.Repeated]}");
        }

        if (writer.Level == SegmentLevel.Tools && fields[3].Of(body).StartsWith("\"web_search"u8))
        {
            writer.Defer(start);
            return null;
        }

        var marker = default(CacheMarker);
        if (ReadMarkers(body, fields, kind, origin, writer.Item, part, ref marker) is { } error)
        {
            return error;
        }

        writer.Open(kind, origin, part, new ByteRange(start, cursor.Position - start), SegmentFlags.Json);
        var payload = writer.Output.Length;
        CompactMembers.AppendObject(body, start, writer.Output);
        writer.Close(writer.Since(payload), 0, marker);
        return null;
    }

    private static RequestError? ReadMarkers(
        ReadOnlySpan<byte> body, in ObjectFields fields, SegmentKind kind, SegmentOrigin origin, int item, int part, ref CacheMarker marker)
    {
        var inner = default(ObjectFields);
        if (!fields[2].IsEmpty && JsonScan.KindAt(body, fields[2].Start) == JsonKind.Object)
        {
            inner = ObjectFields.Scan(body, fields[2], Names);
        }

        if (fields[0].IsEmpty && fields[1].IsEmpty && inner[0].IsEmpty && inner[1].IsEmpty)
        {
            return null;
        }

        var path = SegmentPath.Of(origin, item, part);
        var ofFunction = $"{path}.function.cache_control";
        return (kind == SegmentKind.ToolDefinition
                ? MarkerReader.ReadControl(body, inner[0], ofFunction, ref marker)
                : MarkerReader.Refuse(body, inner[0], ofFunction, "mark the call itself."))
            ?? (origin == SegmentOrigin.FunctionCall
                ? MarkerReader.Refuse(body, fields[0], $"{path}.cache_control", "mark the message instead.")
                : MarkerReader.ReadControl(body, fields[0], $"{path}.cache_control", ref marker))
            ?? MarkerReader.Refuse(body, fields[1], $"{path}.prompt_cache_breakpoint", "it may stand on a content part only.")
            ?? MarkerReader.Refuse(body, inner[1], $"{path}.function.prompt_cache_breakpoint", "it may stand on a content part only.");
    }
}
