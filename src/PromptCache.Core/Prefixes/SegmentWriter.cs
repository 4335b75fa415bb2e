using System.Buffers;
using System.Buffers.Binary;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>Writes segments one behind the other and frames their canonical bytes.</summary>
/// <remarks>
/// The canonical bytes of a segment. Every field before the payload has a fixed or a stated length, so that no two different segments give equal bytes;
/// the payload is last and has none, so that a text that grew at its end keeps the bytes at its front.
/// <code>
/// offset  size  what
///  0      1     Version
///  1      1     SegmentKind
///  2      1     SegmentRole (0: no message)
///  3      1     SegmentOrigin
///  4      1     SegmentFlags
///  5      4+n   for each of RoleText, Name, ToolCallId, MessageMembers, PartMembers, Blocks whose flag is set, in this order:
///                 n (4 bytes, little-endian) and n bytes
///  …      rest  payload
///
/// RoleText, Name, ToolCallId   decoded UTF-8
/// MessageMembers, PartMembers  compact JSON members, each with a comma behind it
/// Blocks                       see ToolResultCutter
/// payload                      decoded UTF-8 text, or with the Json flag one compact JSON value
/// </code>
/// Compact JSON is <see cref="CompactJson"/>'s: members in the order sent, numbers as spelled, one spelling for each string. Markers are nowhere.
/// A lone surrogate is U+FFFD, as the tokenizers have it.
/// </remarks>
internal ref struct SegmentWriter
{
    /// <summary>Goes up with every change of the format: whatever is stored under the old one is then never found.</summary>
    public const byte Version = 1;

    /// <summary>Segments in one request, at most. Anthropic's limit for messages; a body of tiny parts would cost 20 times its size in memory.</summary>
    public const int MaxSegments = 100_000;

    private MessageHead _head;
    private bool _startsMessage;
    private Segment[] _segments;
    private int _start;
    private SegmentFlags _flags;
    private Segment _open;

    public SegmentWriter(ReadOnlySpan<byte> body)
    {
        Body = body;
        Output = new PooledBytes(body.Length + 256);
        _segments = ArrayPool<Segment>.Shared.Rent(64);
    }

    public ReadOnlySpan<byte> Body { get; }

    public PooledBytes Output { get; }

    public int Count { get; private set; }

    public SegmentLevel Level { get; set; }

    /// <summary>The index in <c>tools</c> or <c>messages</c> of what is written now.</summary>
    public int Item { get; set; }

    public readonly SegmentRole Role => _head.Role;

    /// <summary>Whether an image was among the segments.</summary>
    public bool HasImages { get; set; }

    /// <summary>Whether a part asked for citations.</summary>
    public bool HasCitations { get; set; }

    /// <summary>The web search tools, by index and position: they belong to the system level. Null: none.</summary>
    public List<(int Item, int Position)>? SearchTools { get; private set; }

    public readonly bool IsFull => Count >= MaxSegments;

    /// <summary>The segment that was closed last.</summary>
    public readonly ref Segment Last => ref _segments[Count - 1];

    public void BeginMessage(int item, in MessageHead head)
    {
        Item = item;
        _head = head;
        _startsMessage = true;
    }

    /// <summary>Starts a segment: its header, and its message's fields when it is the first.</summary>
    public void Open(SegmentKind kind, SegmentOrigin origin, int part, ByteRange source, SegmentFlags flags = SegmentFlags.None)
    {
        _flags = flags | (_startsMessage ? _head.Flags : SegmentFlags.None);
        _start = Output.Length;
        Output.Write([Version, (byte)kind, (byte)_head.Role, (byte)origin, (byte)_flags]);
        var name = WriteHead();
        _open = new Segment(Level, kind, _head.Role, Item, part, _startsMessage, source, default, default, 0, default, name, origin);
        _startsMessage = false;
    }

    /// <summary>Starts a field whose length is not known yet; returns what <see cref="CloseField"/> needs.</summary>
    public readonly int OpenField()
    {
        Output.Write([0, 0, 0, 0]);
        return Output.Length;
    }

    public readonly void CloseField(int start)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, Output.Length - start);
        Output.Overwrite(start - 4, length);
    }

    /// <summary>Writes the members of a part that no other field holds. They come before the payload.</summary>
    public readonly void WriteOthers(ByteRange source, JsonNames names, uint known)
    {
        var field = OpenField();
        CompactMembers.AppendOthers(Body, source.Start, names, known, Output);
        CloseField(field);
    }

    /// <summary>Writes a string of the body, decoded.</summary>
    public readonly ByteRange WriteText(ByteRange quoted)
    {
        var raw = JsonScan.Unquote(Body, quoted);
        var start = Output.Length;
        Output.Advance(JsonEscapes.Decode(raw, Output.GetSpan(raw.Length)));
        return new ByteRange(start, Output.Length - start);
    }

    /// <summary>Ends the segment.</summary>
    /// <param name="text">What is tokenized.</param>
    /// <param name="fixedTokens">What a rule counts instead.</param>
    /// <param name="marker">Its marker.</param>
    public void Close(ByteRange text, int fixedTokens, CacheMarker marker)
    {
        if (Count == _segments.Length)
        {
            var larger = ArrayPool<Segment>.Shared.Rent(Count * 2);
            _segments.AsSpan(0, Count).CopyTo(larger);
            ArrayPool<Segment>.Shared.Return(_segments);
            _segments = larger;
        }

        var canonical = new ByteRange(_start, Output.Length - _start);
        _segments[Count++] = _open with { Canonical = canonical, Text = text, FixedTokens = fixedTokens, Marker = marker };
    }

    /// <summary>Leaves a web search tool for the system level.</summary>
    public void Defer(int position) => (SearchTools ??= []).Add((Item, position));

    /// <summary>The segments written; afterwards the writer has nothing more.</summary>
    public Segment[] Detach()
    {
        var segments = _segments.AsSpan(0, Count).ToArray();
        ArrayPool<Segment>.Shared.Return(_segments);
        _segments = [];
        return segments;
    }

    /// <summary>What stands behind a position of the output.</summary>
    public readonly ByteRange Since(int start) => new(start, Output.Length - start);

    private readonly ByteRange WriteHead()
    {
        ByteRange name = default;
        if (!_startsMessage)
        {
            return name;
        }

        if (_flags.HasFlag(SegmentFlags.RoleText))
        {
            WriteField(_head.RoleText);
        }

        if (_flags.HasFlag(SegmentFlags.Name))
        {
            name = WriteField(_head.Name);
        }

        if (_flags.HasFlag(SegmentFlags.ToolCallId))
        {
            WriteField(_head.ToolCallId);
        }

        if (_flags.HasFlag(SegmentFlags.MessageMembers))
        {
            WriteOthers(_head.Message, MessageCutter.Names, MessageCutter.Known);
        }

        return name;
    }

    private readonly ByteRange WriteField(ByteRange quoted)
    {
        var field = OpenField();
        var text = WriteText(quoted);
        CloseField(field);
        return text;
    }
}
