using System.Buffers.Binary;
using PromptCache.Core.Requests;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>Frames what invalidates only the messages level.</summary>
/// <remarks>
/// Empty when the request says nothing of the kind. Else the format's version (1 byte), then for each thing that is said, in the order of the tags:
/// its tag (1 byte), a length (4 bytes, little-endian) and so many bytes of compact JSON. Null says nothing, and neither does the default: <c>"tool_choice":"auto"</c>, <c>"parallel_tool_calls":true</c>. The presence of images is tag 1 without bytes.
/// </remarks>
internal static class MessagesSaltBuilder
{
    private const byte ImagesTag = 1;
    private const byte FirstFieldTag = 2;
    private const int ToolChoice = 0;
    private const int ParallelToolCalls = 1;
    private const int OutputConfig = 5;

    // The number of each goes into the hash: add at the end.
    private static readonly JsonNames Names = new(
        "tool_choice", "parallel_tool_calls", "reasoning", "reasoning_effort", "thinking", "output_config", "function_call");

    private static readonly JsonNames OutputNames = new("effort");

    public static byte[] Build(PromptRequest request, bool hasImages)
    {
        var body = request.Body.Span;
        var fields = new ObjectFields();
        foreach (var member in request.Members)
        {
            fields.Note(Names.IndexOf(member.Name.Of(body)), member.Value);
        }

        if (!hasImages && (fields.Seen & ~ObjectFields.Others) == 0)
        {
            return [];
        }

        using var salt = new PooledBytes();
        salt.Write([SegmentWriter.Version]);
        if (hasImages)
        {
            salt.Write([ImagesTag, 0, 0, 0, 0]);
        }

        for (var field = 0; field < Names.Count; field++)
        {
            var value = fields[field];
            if (field == OutputConfig && !value.IsEmpty && JsonScan.KindAt(body, value.Start) == JsonKind.Object)
            {
                value = ObjectFields.Scan(body, value, OutputNames)[0];
            }

            if (!JsonScan.IsNullOrAbsent(body, value) && !IsDefault(body, field, value))
            {
                Append(salt, (byte)(FirstFieldTag + field), value.Of(body));
            }
        }

        return salt.Length == 1 ? [] : salt.Span.ToArray();
    }

    private static bool IsDefault(ReadOnlySpan<byte> body, int field, ByteRange value) => field switch
    {
        ToolChoice => MarkerReader.Is(body, value, "auto"u8),
        ParallelToolCalls => value.Of(body).SequenceEqual("true"u8),
        _ => false,
    };

    private static void Append(PooledBytes salt, byte tag, ReadOnlySpan<byte> json)
    {
        salt.Write([tag, 0, 0, 0, 0]);
        var start = salt.Length;
        CompactJson.Append(json, salt);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, salt.Length - start);
        salt.Overwrite(start - 4, length);
    }
}
