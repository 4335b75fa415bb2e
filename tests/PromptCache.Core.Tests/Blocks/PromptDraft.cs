using System.Text;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Tokens;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Tests.Blocks;

/// <summary>A prompt put together by hand, segment by segment.</summary>
internal sealed class PromptDraft
{
    private readonly List<byte> _bytes = [];
    private readonly List<Segment> _segments = [];
    private int _item = -1;

    public string Salt { get; init; } = "";

    public CacheMarker Automatic { get; init; }

    public CacheOptionsMode Mode { get; init; }

    public static CacheMarker Marked { get; } = new(true, null);

    public static CacheMarker ForAnHour { get; } = new(true, TimeSpan.FromHours(1));

    /// <summary>A text of so many words; another seed gives other words.</summary>
    public static string Words(int count, string seed) => string.Concat(Enumerable.Range(0, count).Select(i => i == 0 ? seed : $" {seed}{i}"));

    /// <summary>The text of a prompt's last tool that costs so many tokens: the end of the list is billed with it.</summary>
    public static string LastTool(int tokens, string seed) => Words(tokens - ToolTokenRule.ListEnd, seed);

    /// <summary>A tool: a JSON object, or words that become a JSON string, which costs its own tokens.</summary>
    public PromptDraft Tool(string json, CacheMarker marker = default)
        => Add(SegmentLevel.Tools, SegmentKind.ToolDefinition, SegmentRole.None, json.StartsWith('{') ? json : $"\"{json}\"", marker, startsMessage: false);

    public PromptDraft System(string text, CacheMarker marker = default, bool starts = false)
        => Add(SegmentLevel.System, SegmentKind.Text, SegmentRole.System, text, marker, starts);

    public PromptDraft User(string text, CacheMarker marker = default, bool starts = false)
        => Add(SegmentLevel.Messages, SegmentKind.Text, SegmentRole.User, text, marker, starts);

    public PromptDraft Assistant(string text, CacheMarker marker = default, bool starts = false)
        => Add(SegmentLevel.Messages, SegmentKind.Text, SegmentRole.Assistant, text, marker, starts);

    public PromptDraft Image(string digest, int tokens)
        => Add(SegmentLevel.Messages, SegmentKind.Image, SegmentRole.User, "", default, startsMessage: false, header: digest, fixedTokens: tokens);

    public PromptDraft Add(
        SegmentLevel level,
        SegmentKind kind,
        SegmentRole role,
        string text,
        CacheMarker marker,
        bool startsMessage,
        string header = "",
        string trailer = "",
        int fixedTokens = 0)
    {
        _item++;
        var start = _bytes.Count;
        _bytes.AddRange(Encoding.UTF8.GetBytes(header));
        var textStart = _bytes.Count;
        _bytes.AddRange(Encoding.UTF8.GetBytes(text));
        var textEnd = _bytes.Count;
        _bytes.AddRange(Encoding.UTF8.GetBytes(trailer));
        _segments.Add(new Segment(
            level,
            kind,
            role,
            Item: _item,
            Part: level == SegmentLevel.Tools ? -1 : 0,
            startsMessage,
            Source: default,
            new ByteRange(start, _bytes.Count - start),
            text.Length == 0 ? default : new ByteRange(textStart, textEnd - textStart),
            fixedTokens,
            marker,
            Name: default,
            level == SegmentLevel.Tools ? SegmentOrigin.Tools : SegmentOrigin.Content));
        return this;
    }

    /// <summary>The segments; the caller disposes them.</summary>
    public SegmentList Build()
    {
        var bytes = new PooledBytes(_bytes.Count);
        bytes.Write(_bytes.ToArray());
        return new(bytes, [.. _segments], Encoding.UTF8.GetBytes(Salt), Automatic) { OptionsMode = Mode };
    }
}
