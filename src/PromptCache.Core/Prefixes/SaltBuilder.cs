using System.Buffers.Binary;
using PromptCache.Core.Requests;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>Frames the parameters that invalidate a level and those behind it: one salt for the system level, one for the messages.</summary>
/// <remarks>
/// Empty when the request says nothing of the kind. Else the format's version (1 byte), then for each thing that is said, in the order of the tags:
/// its tag (1 byte), a length (4 bytes, little-endian) and so many bytes of compact JSON. Null says nothing, and neither does the default: <c>"tool_choice":"auto"</c>,
/// <c>"parallel_tool_calls":true</c>, <c>"speed":"standard"</c>. The presence of images is tag 1 without bytes, that of citations their tag without bytes.
/// </remarks>
internal static class SaltBuilder
{
    private const byte ImagesTag = 1;
    private const byte FirstFieldTag = 2;
    private const int ToolChoice = 0;
    private const int ParallelToolCalls = 1;
    private const int OutputConfig = 5;

    // From here on they belong to the system level.
    private const int Speed = 7;
    private const int Citations = 9;

    // The number of each goes into the hash: add at the end.
    private static readonly JsonNames Names = new(
        "tool_choice", "parallel_tool_calls", "reasoning", "reasoning_effort", "thinking", "output_config", "function_call",
        "speed", "web_search_options", "citations");

    private static readonly JsonNames OutputNames = new("effort");
    private static readonly JsonNames CitationNames = new("enabled");

    /// <summary>Builds both.</summary>
    /// <param name="request">The request.</param>
    /// <param name="hasImages">Whether there is an image anywhere.</param>
    /// <param name="hasCitations">Whether a part asks for citations.</param>
    public static (byte[] System, byte[] Messages) Build(PromptRequest request, bool hasImages, bool hasCitations)
    {
        var body = request.Body.Span;
        var fields = new ObjectFields();
        foreach (var member in request.Members)
        {
            fields.Note(Names.IndexOf(member.Name.Of(body)), member.Value);
        }

        hasCitations = hasCitations || IsOn(body, fields[Citations]);
        if (!hasImages && !hasCitations && (fields.Seen & ~ObjectFields.Others) == 0)
        {
            return ([], []);
        }

        using var salt = new PooledBytes();
        var messages = Frame(salt, body, fields, 0, Speed, hasImages ? ImagesTag : (byte)0);
        salt.Clear();
        return (Frame(salt, body, fields, Speed, Citations, hasCitations ? (byte)(FirstFieldTag + Citations) : (byte)0), messages);
    }

    /// <summary>Whether a part's or a request's <c>citations</c> are switched on.</summary>
    public static bool IsOn(ReadOnlySpan<byte> body, ByteRange citations)
        => !citations.IsEmpty && JsonScan.KindAt(body, citations.Start) == JsonKind.Object && ObjectFields.Scan(body, citations, CitationNames)[0].Of(body).SequenceEqual("true"u8);

    /// <summary>Writes the fields of one level, and the tag of what is there or not (0: it is not).</summary>
    private static byte[] Frame(PooledBytes salt, ReadOnlySpan<byte> body, in ObjectFields fields, int first, int end, byte present)
    {
        salt.Write([SegmentWriter.Version]);
        if (present != 0)
        {
            salt.Write([present, 0, 0, 0, 0]);
        }

        for (var field = first; field < end; field++)
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
        Speed => MarkerReader.Is(body, value, "standard"u8),
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
