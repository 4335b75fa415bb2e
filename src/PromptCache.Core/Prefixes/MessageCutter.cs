using PromptCache.Core.Requests;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>One message to its segments: reasoning, content, refusal, calls, in the order in which a model would have made them.</summary>
internal static class MessageCutter
{
    public static readonly JsonNames Names = new(
        "role", "content", "name", "tool_call_id", "tool_calls", "function_call", "refusal", "reasoning_content", "reasoning",
        "cache_control", "prompt_cache_breakpoint");

    /// <summary>All of <see cref="Names"/>: each has its own place, or is a marker.</summary>
    public const uint Known = (1u << 11) - 1;

    private static readonly JsonNames Roles = new("system", "developer", "user", "assistant", "tool", "function");

    /// <summary>Cuts the message that stands at the cursor, and steps over it.</summary>
    public static RequestError? Cut(ref SegmentWriter writer, ref JsonCursor cursor, int index)
    {
        var start = cursor.Position;
        var fields = ObjectFields.Scan(writer.Body, ref cursor, Names);
        var message = new ByteRange(start, cursor.Position - start);
        var error = fields.Repeated >= 0 ? RequestErrors.Repeated($"messages[{index}].{Names[fields.Repeated]}") : null;
        error ??= CheckString(writer.Body, fields, MessageField.Name, "name", index)
            ?? CheckString(writer.Body, fields, MessageField.ToolCallId, "tool_call_id", index);
        if (error is not null)
        {
            return error;
        }

        var role = RoleOf(writer.Body, fields[(int)MessageField.Role]);
        writer.Level = role is SegmentRole.System or SegmentRole.Developer ? writer.Level : SegmentLevel.Messages;
        writer.BeginMessage(index, new MessageHead(
            role,
            message,
            fields[(int)MessageField.Role],
            NotNull(writer.Body, fields[(int)MessageField.Name]),
            NotNull(writer.Body, fields[(int)MessageField.ToolCallId]),
            (fields.Seen & ObjectFields.Others) != 0));

        CutString(ref writer, fields[(int)MessageField.ReasoningContent], SegmentKind.Reasoning, SegmentOrigin.ReasoningContent);
        CutString(ref writer, fields[(int)MessageField.Reasoning], SegmentKind.Reasoning, SegmentOrigin.Reasoning);
        error = CutContent(ref writer, fields[(int)MessageField.Content], message);
        if (error is not null)
        {
            return error;
        }

        CutString(ref writer, fields[(int)MessageField.Refusal], SegmentKind.Refusal, SegmentOrigin.Refusal);
        return CutFunctionCall(ref writer, fields[(int)MessageField.FunctionCall])
            ?? CutToolCalls(ref writer, fields[(int)MessageField.ToolCalls])
            ?? ApplyMarker(ref writer, fields, index);
    }

    private static SegmentRole RoleOf(ReadOnlySpan<byte> body, ByteRange role) => (SegmentRole)(Roles.IndexOf(role.Of(body)) switch
    {
        < 0 => (int)SegmentRole.Other,
        var known => known + (int)SegmentRole.System,
    });

    private static RequestError? CutContent(ref SegmentWriter writer, ByteRange content, ByteRange message)
    {
        var kind = content.IsEmpty ? JsonKind.Null : JsonScan.KindAt(writer.Body, content.Start);
        if (kind == JsonKind.String)
        {
            CutString(ref writer, content, PartCutter.Textual(writer.Role), SegmentOrigin.Content);
            return null;
        }

        var part = 0;
        if (kind == JsonKind.Array)
        {
            var cursor = new JsonCursor(writer.Body, content.Start);
            cursor.Enter();
            for (; cursor.NextItem() && !writer.IsFull; part++)
            {
                if (PartCutter.Cut(ref writer, ref cursor, part) is { } error)
                {
                    return error;
                }
            }
        }

        if (part == 0)
        {
            writer.Open(SegmentKind.Null, SegmentOrigin.Content, -1, content.IsEmpty ? message : content);
            writer.Close(default, 0, default);
        }

        return null;
    }

    /// <summary>Cuts a text that is a member of the message itself. A value of another type, which some providers have, is hashed whole; null is nothing.</summary>
    private static void CutString(ref SegmentWriter writer, ByteRange value, SegmentKind kind, SegmentOrigin origin)
    {
        if (JsonScan.IsNullOrAbsent(writer.Body, value))
        {
            return;
        }

        if (JsonScan.KindAt(writer.Body, value.Start) == JsonKind.String)
        {
            writer.Open(kind, origin, -1, value);
            writer.Close(writer.WriteText(value), 0, default);
            return;
        }

        writer.Open(kind, origin, -1, value, SegmentFlags.Json);
        var payload = writer.Output.Length;
        CompactJson.Append(value.Of(writer.Body), writer.Output);
        writer.Close(writer.Since(payload), 0, default);
    }

    private static RequestError? CutFunctionCall(ref SegmentWriter writer, ByteRange call)
    {
        if (JsonScan.IsNullOrAbsent(writer.Body, call))
        {
            return null;
        }

        var cursor = new JsonCursor(writer.Body, call.Start);
        return cursor.Kind == JsonKind.Object
            ? ObjectCutter.Cut(ref writer, ref cursor, SegmentKind.ToolCall, SegmentOrigin.FunctionCall, -1)
            : RequestErrors.WrongType(SegmentPath.Of(SegmentOrigin.FunctionCall, writer.Item, -1), "an object", cursor.Kind);
    }

    private static RequestError? CutToolCalls(ref SegmentWriter writer, ByteRange calls)
    {
        if (JsonScan.IsNullOrAbsent(writer.Body, calls))
        {
            return null;
        }

        var cursor = new JsonCursor(writer.Body, calls.Start);
        if (cursor.Kind != JsonKind.Array)
        {
            return RequestErrors.WrongType($"messages[{writer.Item}].tool_calls", "an array of objects", cursor.Kind);
        }

        cursor.Enter();
        for (var part = 0; cursor.NextItem() && !writer.IsFull; part++)
        {
            if (ObjectCutter.Cut(ref writer, ref cursor, SegmentKind.ToolCall, SegmentOrigin.ToolCalls, part) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>A marker on the message is one on its last segment.</summary>
    private static RequestError? ApplyMarker(ref SegmentWriter writer, in ObjectFields fields, int index)
    {
        if (fields[(int)MessageField.CacheControl].IsEmpty && fields[(int)MessageField.Breakpoint].IsEmpty)
        {
            return null;
        }

        ref var last = ref writer.Last;
        var marker = last.Marker;
        var error = MarkerReader.Refuse(
            writer.Body, fields[(int)MessageField.Breakpoint], $"messages[{index}].prompt_cache_breakpoint", "it may stand on a content part only.")
            ?? MarkerReader.ReadControl(writer.Body, fields[(int)MessageField.CacheControl], $"messages[{index}].cache_control", ref marker);
        if (error is not null || !marker.Exists || last.Marker.Exists)
        {
            return error;
        }

        if (last.Kind is SegmentKind.Null or SegmentKind.Reasoning || (last.Kind == SegmentKind.Text && last.Text.IsEmpty))
        {
            return RequestErrors.MarkerNotAllowed($"messages[{index}].cache_control", "the message ends with nothing that can be marked.");
        }

        last = last with { Marker = marker };
        return null;
    }

    private static RequestError? CheckString(ReadOnlySpan<byte> body, in ObjectFields fields, MessageField field, string name, int index)
    {
        var value = NotNull(body, fields[(int)field]);
        return value.IsEmpty || body[value.Start] == (byte)'"'
            ? null
            : RequestErrors.WrongType($"messages[{index}].{name}", "a string", JsonScan.KindAt(body, value.Start));
    }

    private static ByteRange NotNull(ReadOnlySpan<byte> body, ByteRange value) => JsonScan.IsNullOrAbsent(body, value) ? default : value;
}
