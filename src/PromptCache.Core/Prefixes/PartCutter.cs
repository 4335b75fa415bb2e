using PromptCache.Core.Requests;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>One content part to one segment, in OpenAI's or Anthropic's shape.</summary>
internal static class PartCutter
{
    public static readonly JsonNames Names = new(
        "type", "cache_control", "prompt_cache_breakpoint", "text", "refusal", "thinking", "content", "image_url", "input_audio", "file", "source");

    public static readonly JsonNames Types = new(
        "text", "refusal", "image_url", "image", "input_audio", "file", "document", "tool_use", "tool_result", "thinking", "redacted_thinking");

    private static readonly JsonNames CitationNames = new("citations");

    /// <summary>The members that every part may have without their being content.</summary>
    public const uint Common = (1u << (int)PartField.Type) | (1u << (int)PartField.CacheControl) | (1u << (int)PartField.Breakpoint);

    /// <summary>Cuts the part that stands at the cursor, and steps over it.</summary>
    public static RequestError? Cut(ref SegmentWriter writer, ref JsonCursor cursor, int part)
    {
        var start = cursor.Position;
        var fields = ObjectFields.Scan(writer.Body, ref cursor, Names);
        if (fields.Repeated >= 0)
        {
            return RequestErrors.Repeated($"{SegmentPath.Of(SegmentOrigin.Content, writer.Item, part)}.{Names[fields.Repeated]}");
        }

        var source = new ByteRange(start, cursor.Position - start);
        var type = (PartType)Types.IndexOf(fields[(int)PartField.Type].Of(writer.Body));
        return ReadMarker(ref writer, fields, type, part, out var marker) ?? type switch
        {
            PartType.Text => CutText(ref writer, fields, PartField.Text, "text", Textual(writer.Role), source, part, marker),
            PartType.Refusal => CutText(ref writer, fields, PartField.Refusal, "refusal", SegmentKind.Refusal, source, part, marker),
            PartType.Thinking => CutText(ref writer, fields, PartField.Thinking, "thinking", SegmentKind.Reasoning, source, part, marker),
            PartType.RedactedThinking => CutJson(ref writer, SegmentKind.Reasoning, source, part, marker),
            PartType.ToolUse => CutJson(ref writer, SegmentKind.ToolCall, source, part, marker),
            PartType.ToolResult => ToolResultCutter.Cut(ref writer, fields, source, part, marker),
            _ => CutMedia(ref writer, fields, type, source, part, marker),
        };
    }

    /// <summary>What text is when that role says it.</summary>
    public static SegmentKind Textual(SegmentRole role) => role is SegmentRole.Tool or SegmentRole.Function ? SegmentKind.ToolResult : SegmentKind.Text;

    private static RequestError? ReadMarker(ref SegmentWriter writer, in ObjectFields fields, PartType type, int part, out CacheMarker marker)
    {
        marker = default;
        if ((fields.Seen & (Common & ~1u)) == 0)
        {
            return null;
        }

        var path = SegmentPath.Of(SegmentOrigin.Content, writer.Item, part);
        var control = fields[(int)PartField.CacheControl];
        var breakpoint = fields[(int)PartField.Breakpoint];
        var reason = type switch
        {
            PartType.Thinking or PartType.RedactedThinking => "thinking cannot be marked.",
            PartType.Text when fields[(int)PartField.Text].Length == 2 => "an empty text cannot be marked.",
            _ => null,
        };
        return reason is null
            ? MarkerReader.ReadControl(writer.Body, control, $"{path}.cache_control", ref marker)
                ?? MarkerReader.ReadBreakpoint(writer.Body, breakpoint, $"{path}.prompt_cache_breakpoint", ref marker)
            : MarkerReader.Refuse(writer.Body, control, $"{path}.cache_control", reason)
                ?? MarkerReader.Refuse(writer.Body, breakpoint, $"{path}.prompt_cache_breakpoint", reason);
    }

    private static RequestError? CutText(
        ref SegmentWriter writer, in ObjectFields fields, PartField field, string name, SegmentKind kind, ByteRange source, int part, CacheMarker marker)
    {
        var text = fields[(int)field];
        if (text.IsEmpty)
        {
            return RequestErrors.Missing($"{SegmentPath.Of(SegmentOrigin.Content, writer.Item, part)}.{name}");
        }

        if (JsonScan.KindAt(writer.Body, text.Start) is not JsonKind.String and var got)
        {
            return RequestErrors.WrongType($"{SegmentPath.Of(SegmentOrigin.Content, writer.Item, part)}.{name}", "a string", got);
        }

        var known = Common | (1u << (int)field);
        var hasOthers = (fields.Seen & ~known) != 0;
        writer.Open(kind, SegmentOrigin.Content, part, source, hasOthers ? SegmentFlags.PartMembers : SegmentFlags.None);
        if (hasOthers)
        {
            writer.WriteOthers(source, Names, known);
        }

        writer.Close(writer.WriteText(text), 0, marker);
        return null;
    }

    private static RequestError? CutJson(ref SegmentWriter writer, SegmentKind kind, ByteRange source, int part, CacheMarker marker)
    {
        writer.Open(kind, SegmentOrigin.Content, part, source, SegmentFlags.Json);
        var payload = writer.Output.Length;
        CompactMembers.AppendObject(writer.Body, source.Start, writer.Output);
        writer.Close(writer.Since(payload), 0, marker);
        return null;
    }

    private static RequestError? CutMedia(ref SegmentWriter writer, in ObjectFields fields, PartType type, ByteRange source, int part, CacheMarker marker)
    {
        if (RefuseNested(writer.Body, fields, writer.Item, part) is { } error)
        {
            return error;
        }

        var kind = MediaRule.KindOf(type);
        writer.HasImages |= kind == SegmentKind.Image;
        writer.HasCitations |= (fields.Seen & ObjectFields.Others) != 0 && SaltBuilder.IsOn(writer.Body, ObjectFields.Scan(writer.Body, source, CitationNames)[0]);
        writer.Open(kind, SegmentOrigin.Content, part, source, SegmentFlags.Json);
        var payload = writer.Output.Length;
        var digested = CompactMembers.AppendMedia(writer.Body, source.Start, writer.Output);
        var isText = !digested && MediaRule.IsText(writer.Body, kind, fields);
        writer.Close(isText ? writer.Since(payload) : default, isText ? 0 : MediaRule.TokensOf(writer.Body, kind, fields), marker);
        return null;
    }

    private static RequestError? RefuseNested(ReadOnlySpan<byte> body, in ObjectFields fields, int item, int part)
        => NestedMarkers.Refuse(body, fields[(int)PartField.ImageUrl], "image_url", SegmentOrigin.Content, item, part)
            ?? NestedMarkers.Refuse(body, fields[(int)PartField.InputAudio], "input_audio", SegmentOrigin.Content, item, part)
            ?? NestedMarkers.Refuse(body, fields[(int)PartField.File], "file", SegmentOrigin.Content, item, part)
            ?? NestedMarkers.Refuse(body, fields[(int)PartField.Source], "source", SegmentOrigin.Content, item, part)
            ?? NestedMarkers.Refuse(body, fields[(int)PartField.Content], "content", SegmentOrigin.Content, item, part);
}
