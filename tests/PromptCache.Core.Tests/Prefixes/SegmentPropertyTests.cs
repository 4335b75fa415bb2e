using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Core.Tests.Requests;

namespace PromptCache.Core.Tests.Prefixes;

public partial class SegmentPropertyTests
{
    [Fact]
    public void Canonical_WhiteSpaceAndEscapesSpelledDifferently_SameBytes()
    {
        using var expected = Bodies.Cut(Bodies.Rich);
        for (var seed = 0; seed < 200; seed++)
        {
            using var actual = Bodies.Cut(Respell(Bodies.Rich, new Random(seed)));
            Same(expected, actual, $"seed {seed}");
        }
    }

    [Fact]
    public void Canonical_MarkersMovedOrGone_SameBytes()
    {
        using var expected = Bodies.Cut(Bodies.Rich);
        using var gone = Bodies.Cut(MarkerOnPart().Replace(Bodies.Rich, ""));
        Same(expected, gone, "gone");

        // A marker on everything that can have one.
        var editor = new RequestEditor(Bodies.Read(Bodies.Rich));
        foreach (ref readonly var segment in expected.Segments)
        {
            editor.TryMark(segment, """{"type":"ephemeral"}"""u8);
        }

        using var body = editor.Build();
        using var everywhere = Bodies.Cut(Encoding.UTF8.GetString(body.Span));
        Same(expected, everywhere, "everywhere");
        everywhere.Segments.ToArray().Count(s => s.Marker.Exists).ShouldBe(expected.Count - 5);
    }

    [Fact]
    public void Canonical_StringContent_EqualsOneTextPart()
    {
        foreach (var role in new[] { "system", "developer", "user", "assistant", "tool", "function", "critic" })
        {
            using var text = Bodies.Cut(Bodies.Chat($$"""{"role":"{{role}}","name":"n","content":"x\ny"}"""));
            using var part = Bodies.Cut(Bodies.Chat($$"""{"content":[{"text":"x\ny","type":"text"}],"name":"n","role":"{{role}}"}"""));
            Same(text, part, role);
        }
    }

    [Fact]
    public void Canonical_AnyLetterChanged_ChangesItsSegmentAndNothingBefore()
    {
        var original = Bodies.Utf8(Bodies.Rich);
        using var before = Bodies.Cut(Bodies.Rich);
        var request = Bodies.Read(Bodies.Rich);
        var markers = Marker().Matches(Encoding.Latin1.GetString(original));
        var changed = 0;
        foreach (var area in new[] { request.Tools.Value, request.ResponseFormat.Value, request.Messages.Value })
        {
            for (var at = area.Start; at < area.End; at++)
            {
                if (!char.IsAsciiLetterLower((char)original[at]) || markers.Any(m => at >= m.Index && at < m.Index + m.Length))
                {
                    continue;
                }

                var body = original.ToArray();
                body[at] = body[at] == (byte)'q' ? (byte)'z' : (byte)'q';
                if (!PromptRequestReader.TryRead(body, out var read, out _) || !Segmenter.TryCut(read, out var after, out _))
                {
                    continue;
                }

                using (after)
                {
                    changed++;
                    var own = OwnerOf(before, request, at);
                    for (var i = 0; i < own; i++)
                    {
                        after.CanonicalOf(after[i]).SequenceEqual(before.CanonicalOf(before[i])).ShouldBeTrue($"byte {at} changed segment {i} before its own, {own}");
                    }

                    (own < after.Count && after.CanonicalOf(after[own]).SequenceEqual(before.CanonicalOf(before[own]))).ShouldBeFalse($"byte {at} did not change its segment, {before.PathOf(own)}");
                }
            }
        }

        changed.ShouldBeGreaterThan(600);
    }

    [Fact]
    public void Canonical_KeyOrderInATool_Matters()
    {
        const string message = """{"role":"user","content":"x"}""";
        using var one = Bodies.Cut(Bodies.Chat(message, ""","tools":[{"type":"function","function":{"name":"f","description":"d"}}]"""));
        using var other = Bodies.Cut(Bodies.Chat(message, ""","tools":[{"type":"function","function":{"description":"d","name":"f"}}]"""));

        one.CanonicalOf(one[0]).SequenceEqual(other.CanonicalOf(other[0])).ShouldBeFalse();
        one.CanonicalOf(one[1]).SequenceEqual(other.CanonicalOf(other[1])).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"role":"user","name":"ab","content":"c"}""", """{"role":"user","name":"a","content":"bc"}""")]
    [InlineData("""{"role":"user","content":"\u0000"}""", """{"role":"user","content":""}""")]
    [InlineData("""{"role":"user","content":""}""", """{"role":"user","content":null}""")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"ab"},{"type":"text","text":"c"}]}""", """{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"bc"}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"ab"},{"type":"text","text":"c"}]}]}""", """{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"a"},{"type":"text","text":"bc"}]}]}""")]
    [InlineData("""{"role":"tool","content":"x"}""", """{"role":"tool","content":[{"type":"tool_result","content":"x"}]}""")]
    [InlineData("""{"role":"user","content":"x"}""", """{"role":"user","content":"x","y":null}""")]
    [InlineData("""{"role":"user","content":"x"}""", """{"role":"User","content":"x"}""")]
    [InlineData("""{"role":"assistant","content":"x"}""", """{"role":"assistant","refusal":"x"}""")]
    [InlineData("""{"role":"assistant","reasoning":"x","content":""}""", """{"role":"assistant","reasoning_content":"x","content":""}""")]
    [InlineData("""{"role":"user","content":[{"type":"odd","a":"\"b"}]}""", """{"role":"user","content":[{"type":"odd","a":"b"}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"odd","a":1}]}""", """{"role":"user","content":[{"type":"odd","a":1.0}]}""")]
    public void Canonical_DifferentMessages_DifferentBytes(string one, string other)
    {
        using var left = Bodies.Cut(Bodies.Chat(one));
        using var right = Bodies.Cut(Bodies.Chat(other));

        (left.Count == right.Count && left.CanonicalOf(left[0]).SequenceEqual(right.CanonicalOf(right[0]))).ShouldBeFalse();
    }

    /// <summary>The segment that a byte belongs to; outside every segment's source, its message's first.</summary>
    private static int OwnerOf(SegmentList segments, PromptRequest request, int at)
    {
        for (var i = 0; i < segments.Count; i++)
        {
            var source = segments[i].Source;
            if (at >= source.Start && at < source.End)
            {
                return i;
            }
        }

        var depth = 0;
        var message = 0;
        for (var i = request.Messages.Value.Start; i < at; i++)
        {
            depth += request.Body.Span[i] switch { (byte)'{' or (byte)'[' => 1, (byte)'}' or (byte)']' => -1, _ => 0 };
            message += depth == 1 && request.Body.Span[i] == (byte)',' ? 1 : 0;
        }

        for (var i = 0; ; i++)
        {
            if (segments[i].StartsMessage && segments[i].Item == message)
            {
                return i;
            }
        }
    }

    private static void Same(SegmentList expected, SegmentList actual, string because)
    {
        actual.Count.ShouldBe(expected.Count, because);
        for (var i = 0; i < expected.Count; i++)
        {
            actual.CanonicalOf(actual[i]).SequenceEqual(expected.CanonicalOf(expected[i])).ShouldBeTrue($"{because}: {expected.PathOf(i)}");
            actual.TextOf(actual[i]).SequenceEqual(expected.TextOf(expected[i])).ShouldBeTrue($"{because}: {expected.PathOf(i)}");
        }

        actual.MessagesSalt.SequenceEqual(expected.MessagesSalt).ShouldBeTrue(because);
    }

    /// <summary>The same JSON with other white space between its tokens, and other spellings of the characters in its strings.</summary>
    private static string Respell(string json, Random random)
    {
        var output = new StringBuilder();
        var inString = false;
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (inString && c == '\\')
            {
                var length = json[i + 1] == 'u' ? 6 : 2;
                output.Append(json, i, length);
                i += length - 1;
            }
            else if (c == '"')
            {
                inString = !inString;
                output.Append(c);
            }
            else if (inString)
            {
                output.Append(random.Next(10) == 0 ? "\\u" + ((int)c).ToString(random.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture) : c == '/' && random.Next(2) == 0 ? "\\/" : c.ToString());
            }
            else if (!char.IsWhiteSpace(c))
            {
                var isMark = c is '{' or '}' or '[' or ']' or ',' or ':';
                output.Append(isMark && random.Next(4) == 0 ? " \t" : "").Append(c).Append(isMark && random.Next(4) == 0 ? "\r\n" : "");
            }
        }

        return output.ToString();
    }

    [GeneratedRegex("""\"(cache_control|prompt_cache_breakpoint)\":\{[^}]*\}""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Marker();

    [GeneratedRegex(""",\"(cache_control|prompt_cache_breakpoint)\":(null|\{\"(type|mode)\":\"(ephemeral|explicit)\"[^}]*\})""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MarkerOnPart();
}
