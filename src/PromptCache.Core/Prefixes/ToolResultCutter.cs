using System.Buffers.Binary;
using PromptCache.Core.Requests;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>An Anthropic-style <c>tool_result</c> part: one segment, whatever blocks are inside.</summary>
/// <remarks>
/// Its Blocks field, one entry for each block; a string is the same as one text block:
/// <code>
/// 1  n  m  members   a text: n (4 bytes, little-endian) bytes of the payload, FFFFFFFF for the last text: all that is left;
///                    m (4 bytes) bytes of further members, as compact JSON with a comma behind each
/// 2  n  json         any other block, as n (4 bytes) bytes of compact JSON
/// </code>
/// The payload is the texts, one behind the other.
/// </remarks>
internal static class ToolResultCutter
{
    private const uint TheRest = uint.MaxValue;
    private const uint Known = PartCutter.Common | (1u << (int)PartField.Content);
    private const uint KnownInText = PartCutter.Common | (1u << (int)PartField.Text);

    public static RequestError? Cut(ref SegmentWriter writer, in ObjectFields fields, ByteRange source, int part, CacheMarker marker)
    {
        var content = fields[(int)PartField.Content];
        if (Check(writer.Body, content, writer.Item, part) is { } error)
        {
            return error;
        }

        var hasOthers = (fields.Seen & ~Known) != 0;
        writer.Open(SegmentKind.ToolResult, SegmentOrigin.Content, part, source, SegmentFlags.Blocks | (hasOthers ? SegmentFlags.PartMembers : SegmentFlags.None));
        if (hasOthers)
        {
            writer.WriteOthers(source, PartCutter.Names, Known);
        }

        var kind = JsonScan.IsNullOrAbsent(writer.Body, content) ? JsonKind.Null : JsonScan.KindAt(writer.Body, content.Start);
        var field = writer.OpenField();
        var fixedTokens = 0;
        if (kind == JsonKind.String)
        {
            writer.Output.Write([1, 255, 255, 255, 255, 0, 0, 0, 0]);
        }
        else if (kind == JsonKind.Array)
        {
            fixedTokens = WriteBlocks(ref writer, content);
        }

        writer.CloseField(field);
        var payload = writer.Output.Length;
        if (kind == JsonKind.String)
        {
            writer.WriteText(content);
        }
        else if (kind == JsonKind.Array)
        {
            WriteTexts(ref writer, content);
        }

        writer.Close(writer.Since(payload), fixedTokens, marker);
        return null;
    }

    private static RequestError? Check(ReadOnlySpan<byte> body, ByteRange content, int item, int part)
    {
        if (JsonScan.IsNullOrAbsent(body, content))
        {
            return null;
        }

        var cursor = new JsonCursor(body, content.Start);
        if (cursor.Kind == JsonKind.String)
        {
            return null;
        }

        if (cursor.Kind != JsonKind.Array)
        {
            return RequestErrors.WrongType(PathOf(item, part), "a string or an array of objects", cursor.Kind);
        }

        cursor.Enter();
        for (var index = 0; cursor.NextItem(); index++)
        {
            if (cursor.Kind != JsonKind.Object)
            {
                return RequestErrors.WrongType($"{PathOf(item, part)}[{index}]", "an object", cursor.Kind);
            }

            var block = ObjectFields.Scan(body, ref cursor, PartCutter.Names);
            if (block.Repeated >= 0)
            {
                return RequestErrors.Repeated($"{PathOf(item, part)}[{index}].{PartCutter.Names[block.Repeated]}");
            }

            if (IsText(body, block) && (block[(int)PartField.Text].IsEmpty || JsonScan.KindAt(body, block[(int)PartField.Text].Start) != JsonKind.String))
            {
                return RequestErrors.Missing($"{PathOf(item, part)}[{index}].text");
            }
        }

        return NestedMarkers.Refuse(body, content, "content", SegmentOrigin.Content, item, part);
    }

    private static string PathOf(int item, int part) => $"{SegmentPath.Of(SegmentOrigin.Content, item, part)}.content";

    private static int WriteBlocks(ref SegmentWriter writer, ByteRange content)
    {
        var body = writer.Body;
        var fixedTokens = 0;
        var lastText = -1;
        Span<byte> length = stackalloc byte[4];
        var cursor = new JsonCursor(body, content.Start);
        cursor.Enter();
        while (cursor.NextItem())
        {
            var start = cursor.Position;
            var block = ObjectFields.Scan(body, ref cursor, PartCutter.Names);
            if (IsText(body, block))
            {
                var raw = JsonScan.Unquote(body, block[(int)PartField.Text]);
                writer.Output.Write([1]);
                lastText = writer.Output.Length;
                BinaryPrimitives.WriteInt32LittleEndian(length, JsonEscapes.Decode(raw, writer.Output.GetSpan(raw.Length)));
                writer.Output.Write(length);
                writer.WriteOthers(new ByteRange(start, cursor.Position - start), PartCutter.Names, KnownInText);
            }
            else
            {
                writer.Output.Write([2]);
                var field = writer.OpenField();
                CompactMembers.AppendMedia(body, start, writer.Output);
                writer.CloseField(field);
                fixedTokens += CountMedia(ref writer, block);
            }
        }

        if (lastText >= 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(length, TheRest);
            writer.Output.Overwrite(lastText, length);
        }

        return fixedTokens;
    }

    private static int CountMedia(ref SegmentWriter writer, in ObjectFields block)
    {
        var type = block[(int)PartField.Type];
        var kind = type.IsEmpty ? SegmentKind.Other : MediaRule.KindOf((PartType)PartCutter.Types.IndexOf(type.Of(writer.Body)));
        writer.HasImages |= kind == SegmentKind.Image;
        return MediaRule.TokensOf(writer.Body, kind, block);
    }

    private static void WriteTexts(ref SegmentWriter writer, ByteRange content)
    {
        var cursor = new JsonCursor(writer.Body, content.Start);
        cursor.Enter();
        while (cursor.NextItem())
        {
            var block = ObjectFields.Scan(writer.Body, ref cursor, PartCutter.Names);
            if (IsText(writer.Body, block))
            {
                writer.WriteText(block[(int)PartField.Text]);
            }
        }
    }

    private static bool IsText(ReadOnlySpan<byte> body, in ObjectFields block)
        => !block[(int)PartField.Type].IsEmpty && MarkerReader.Is(body, block[(int)PartField.Type], "text"u8);
}
