using System.Text;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Tests.Requests;

namespace PromptCache.Core.Tests.Prefixes;

public class SegmenterTests
{
    [Fact]
    public void TryCut_Rich_OrderLevelsKindsAndPaths()
    {
        using var segments = Bodies.Cut(Bodies.Rich);

        var lines = Enumerable.Range(0, segments.Count).Select(i =>
            $"{segments[i].Level} {segments[i].Kind} {segments[i].Role} {segments.PathOf(i)}{(segments[i].StartsMessage ? " *" : "")}{(segments[i].Marker.Exists ? $" !{segments[i].Marker.Ttl?.TotalSeconds}" : "")}");
        lines.ShouldBe([
            "Tools ToolDefinition None tools[0] !3600",
            "Tools ToolDefinition None tools[1]",
            "System Schema None response_format",
            "System Text System messages[0].content *",
            "System Text Developer messages[1].content[0] * !300",
            "Messages Text User messages[2].content[0] *",
            "Messages Image User messages[2].content[1]",
            "Messages Audio User messages[2].content[2]",
            "Messages File User messages[2].content[3]",
            "Messages Null Assistant messages[3].content *",
            "Messages ToolCall Assistant messages[3].tool_calls[0]",
            "Messages ToolCall Assistant messages[3].tool_calls[1] !3600",
            "Messages ToolResult Tool messages[4].content *",
            "Messages ToolResult Tool messages[5].content[0] * !",
            "Messages Reasoning Assistant messages[6].reasoning_content *",
            "Messages Reasoning Assistant messages[6].content[0]",
            "Messages ToolCall Assistant messages[6].content[1]",
            "Messages Refusal Assistant messages[6].content[2]",
            "Messages ToolResult User messages[7].content[0] *",
            "Messages File User messages[7].content[1] !",
            "Messages Other User messages[7].content[2] !",
            "Messages Text System messages[8].content *",
            "Messages Null Other messages[9].content *",
            "Messages Text User messages[10].content *",
        ]);
        segments.Automatic.ShouldBe(new CacheMarker(true, null));
        segments.OptionsMode.ShouldBe(CacheOptionsMode.Explicit);
        Text(segments, 3).ShouldBe("You are terse.\nVery terse.");
        Text(segments, 4).ShouldBe("Guide 😀");
        Text(segments, 12).ShouldBe("18 °C");
        Text(segments, 18).ShouldBe("ab");
        Encoding.UTF8.GetString(segments[5].Name.Of(segments.Bytes.Span)).ShouldBe("Ada");
        segments[6].Name.IsEmpty.ShouldBeTrue();
        segments[6].FixedTokens.ShouldBe(85);
        segments[8].FixedTokens.ShouldBe(1500);
        segments[18].FixedTokens.ShouldBe(765);
    }

    [Fact]
    public void TryCut_AnyRequest_TextLiesInItsCanonicalBytesAndSegmentsTouch()
    {
        using var segments = Bodies.Cut(Bodies.Rich);
        var end = 0;
        foreach (var segment in segments.Segments)
        {
            segment.Canonical.Start.ShouldBe(end);
            end = segment.Canonical.End;
            (segment.Text.IsEmpty || (segment.Text.Start >= segment.Canonical.Start && segment.Text.End == segment.Canonical.End)).ShouldBeTrue();
            segment.Source.IsEmpty.ShouldBeFalse();
        }

        end.ShouldBe(segments.Bytes.Length);
    }

    [Fact]
    public void TryCut_LegacyFunctions_AreTools()
    {
        using var segments = Bodies.Cut(Bodies.Chat("""{"role":"user","content":"x"}""", ""","functions":[{"name":"f"}]"""));

        (segments[0].Level, segments[0].Kind, segments.PathOf(0)).ShouldBe((SegmentLevel.Tools, SegmentKind.ToolDefinition, "functions[0]"));
    }

    [Theory]
    [InlineData("""{"role":"user","name":1,"content":"x"}""", "messages[0].name")]
    [InlineData("""{"role":"tool","tool_call_id":{},"content":"x"}""", "messages[0].tool_call_id")]
    [InlineData("""{"role":"assistant","tool_calls":{}}""", "messages[0].tool_calls")]
    [InlineData("""{"role":"assistant","tool_calls":[{},"x"]}""", "messages[0].tool_calls[1]")]
    [InlineData("""{"role":"assistant","function_call":"x"}""", "messages[0].function_call")]
    [InlineData("""{"role":"user","content":[{"type":"text"}]}""", "messages[0].content[0].text")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":null}]}""", "messages[0].content[0].text")]
    [InlineData("""{"role":"user","content":[{"type":"tool_result","content":7}]}""", "messages[0].content[0].content")]
    [InlineData("""{"role":"user","content":[{"type":"tool_result","content":["x"]}]}""", "messages[0].content[0].content[0]")]
    [InlineData("""{"role":"user","content":[{"type":"tool_result","content":[{"type":"text"}]}]}""", "messages[0].content[0].content[0].text")]
    public void TryCut_WrongShape_NamesTheField(string message, string path)
        => Bodies.CutRefused(Bodies.Chat(message)).Param.ShouldBe(path);

    [Fact]
    public void TryCut_FunctionsNotAnArray_NamesTheField()
        => Bodies.CutRefused(Bodies.Chat("""{"role":"user","content":"x"}""", ""","functions":{}""")).Param.ShouldBe("functions");

    private static string Text(SegmentList segments, int index) => Encoding.UTF8.GetString(segments.TextOf(segments[index]));
}
