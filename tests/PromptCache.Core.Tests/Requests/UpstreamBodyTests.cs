using System.Text;
using System.Text.Json.Nodes;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Tests.Requests;

public class UpstreamBodyTests
{
    private const string Ok = """{"role":"user","content":"x"}""";

    [Fact]
    public void UseModel_Alias_ReplacesTheValueHoweverTheNameIsSpelt()
        => Edited("""{ "mod\u0065l" : "a", "messages":[{"role":"user"}]}""", e => e.UseModel("é\"x"))
            .ShouldBe("""{ "mod\u0065l" : "é\"x", "messages":[{"role":"user"}]}""");

    [Fact]
    public void UseModel_SameName_ChangesNothing()
    {
        var editor = new RequestEditor(Bodies.Read(Bodies.Chat(Ok)));
        editor.UseModel("m");
        editor.HasChanges.ShouldBeFalse();
    }

    [Fact]
    public void Remove_AlsoTwice_AllGone()
        => Edited(Bodies.Chat(Ok, ""","usage":{},"provider":{},"seed":{"include":true},"s\u0065ed":1, "z":0"""), e =>
            {
                e.RemoveUsageOptions();
                e.RemoveProviderOptions();
                e.RemoveAll("seed"u8);
            })
            .ShouldBe(Bodies.Chat(Ok, """, "z":0"""));

    [Theory]
    [InlineData("", ""","stream_options":{"include_usage":true}""")]
    [InlineData(""","stream_options":null""", ""","stream_options":{"include_usage":true}""")]
    [InlineData(""","stream_options":{ }""", ""","stream_options":{"include_usage":true }""")]
    [InlineData(""","stream_options": {"x":1 }""", ""","stream_options": {"x":1,"include_usage":true }""")]
    [InlineData(""","stream_options":{ "include_usage" : false, "x":1}""", ""","stream_options":{ "include_usage" : true, "x":1}""")]
    [InlineData(""","stream_options":{"include_usage":null}""", ""","stream_options":{"include_usage":true}""")]
    [InlineData(""","stream_options":{"include_usage":true}""", ""","stream_options":{"include_usage":true}""")]
    public void AskForUsage_WhateverIsThere_IsTrueAfterwards(string before, string after)
    {
        var edited = Edited(Bodies.Chat(Ok, before), e => e.AskForUsage());

        edited.ShouldBe(Bodies.Chat(Ok, after));
        Bodies.Read(edited).IncludeUsage.ShouldBeTrue();
    }

    [Fact]
    public void StripCacheFields_Rich_LeavesOnlyTheSchemasProperty()
    {
        var edited = Edited(Bodies.Rich, e => e.StripCacheFields());

        var tree = JsonNode.Parse(Bodies.Rich)!.AsObject();
        tree.Remove("cache_control");
        tree.Remove("prompt_cache_options");
        foreach (var owner in tree["tools"]!.AsArray().SelectMany(t => new[] { t!, t!["function"]! })
            .Concat(tree["messages"]!.AsArray().SelectMany(m => new[] { m! }
                .Concat(m!["content"] is JsonArray parts ? parts : [])
                .Concat(m["tool_calls"] is JsonArray calls ? calls : []))))
        {
            owner!.AsObject().Remove("cache_control");
            owner.AsObject().Remove("prompt_cache_breakpoint");
        }

        JsonNode.DeepEquals(JsonNode.Parse(edited), tree).ShouldBeTrue(edited);
        edited.Split("cache_control").Length.ShouldBe(2);
    }

    [Fact]
    public void StripCacheFields_OneKind_LeavesTheOther()
    {
        var body = Bodies.Chat("""{"role":"user","content":[{"cache_control":null,"type":"text","text":"x","prompt_cache_breakpoint":{"mode":"explicit"}}]}""", ",\"cache_control\":{}");

        Edited(body, e => e.StripCacheFields(CacheFields.CacheControl))
            .ShouldBe(Bodies.Chat("""{"role":"user","content":[{"type":"text","text":"x","prompt_cache_breakpoint":{"mode":"explicit"}}]}"""));
    }

    [Fact]
    public void TryMark_EverySegment_MarksItAndChangesNothingElse()
    {
        const string marker = """{"type":"ephemeral","ttl":"1h"}""";
        var plain = Edited(Bodies.Rich, e => e.StripCacheFields());
        using var before = Bodies.Cut(plain);
        var marked = 0;
        for (var i = 0; i < before.Count; i++)
        {
            var editor = new RequestEditor(Bodies.Read(plain));
            if (!editor.TryMark(before[i], Encoding.UTF8.GetBytes(marker)))
            {
                before[i].Kind.ShouldBeOneOf(SegmentKind.Schema, SegmentKind.Null, SegmentKind.Reasoning);
                continue;
            }

            marked++;
            using var after = Bodies.Cut(RequestEditorTests.Build(editor));
            after.Count.ShouldBe(before.Count);
            for (var j = 0; j < after.Count; j++)
            {
                after[j].Marker.ShouldBe(i == j ? new CacheMarker(true, TimeSpan.FromHours(1)) : default, before.PathOf(i));
                after.CanonicalOf(after[j]).SequenceEqual(before.CanonicalOf(before[j])).ShouldBeTrue(before.PathOf(j));
            }
        }

        marked.ShouldBe(before.Count - 5);
    }

    [Fact]
    public void AddCacheControl_StringContent_KeepsTheStringsBytes()
        => Edited(Bodies.Chat("""{"role":"user","content": "a\u0020\/b" }"""), e => e.AddCacheControl(RangeOf(e, """
            "a\u0020\/b"
            """), "{}"u8))
            .ShouldBe(Bodies.Chat("""{"role":"user","content": [{"type":"text","text":"a\u0020\/b","cache_control":{}}] }"""));

    [Fact]
    public void AddCacheControl_NullMarkerThere_IsReplaced()
        => Edited(Bodies.Chat("""{"role":"user","content":[{"type":"text","cache_control":null,"text":"x"}]}"""), e => e.AddCacheControl(RangeOf(e, """{"type":"text","cache_control":null,"text":"x"}"""), "{}"u8))
            .ShouldBe(Bodies.Chat("""{"role":"user","content":[{"type":"text","cache_control":{},"text":"x"}]}"""));

    private static ByteRange RangeOf(RequestEditor editor, string text)
        => new(editor.Request.Body.Span.IndexOf(Encoding.UTF8.GetBytes(text)), Encoding.UTF8.GetByteCount(text));

    private static string Edited(string body, Action<RequestEditor> change)
    {
        var editor = new RequestEditor(Bodies.Read(body));
        change(editor);
        return RequestEditorTests.Build(editor);
    }
}
