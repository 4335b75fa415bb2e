using PromptCache.Core.Prefixes;
using PromptCache.Core.Tests.Requests;

namespace PromptCache.Core.Tests.Prefixes;

public class MarkerTests
{
    [Theory]
    [InlineData("""{"type":"ephemeral"}""", null)]
    [InlineData("""{"type":"ephemeral","ttl":null}""", null)]
    [InlineData("""{"type":"ephemeral","ttl":"5m"}""", 300)]
    [InlineData("""{"ttl":"\u0031h","type":"ephemeral"}""", 3600)]
    [InlineData("""{"type":"ephemeral","ttl":300}""", 300)]
    [InlineData("""{"type":"ephemeral","ttl":3600,"scope":"x"}""", 3600)]
    public void Ttl_Accepted(string marker, int? seconds)
    {
        using var segments = Bodies.Cut(Part($$"""{"type":"text","text":"x","cache_control":{{marker}}}"""));

        segments[0].Marker.ShouldBe(new CacheMarker(true, seconds is { } s ? TimeSpan.FromSeconds(s) : null));
    }

    [Theory]
    [InlineData("true", "messages[0].content[0].cache_control", "invalid_type")]
    [InlineData("\"ephemeral\"", "messages[0].content[0].cache_control", "invalid_type")]
    [InlineData("{}", "messages[0].content[0].cache_control.type", "missing_required_parameter")]
    [InlineData("""{"type":"permanent"}""", "messages[0].content[0].cache_control.type", "invalid_value")]
    [InlineData("""{"type":1}""", "messages[0].content[0].cache_control.type", "invalid_value")]
    [InlineData("""{"type":"ephemeral","ttl":"10m"}""", "messages[0].content[0].cache_control.ttl", "invalid_value")]
    [InlineData("""{"type":"ephemeral","ttl":301}""", "messages[0].content[0].cache_control.ttl", "invalid_value")]
    [InlineData("""{"type":"ephemeral","ttl":{}}""", "messages[0].content[0].cache_control.ttl", "invalid_value")]
    public void Marker_Wrong_NamesThePath(string marker, string path, string code)
    {
        var error = Bodies.CutRefused(Part($$"""{"type":"text","text":"x","cache_control":{{marker}}}"""));

        (error.Param, error.Code).ShouldBe((path, code));
    }

    [Theory]
    [InlineData("""{"type":"text","text":"x","cache_control":@}""")]
    [InlineData("""{"type":"image_url","image_url":{"url":"u"},"cache_control":@}""")]
    [InlineData("""{"type":"image_url","image_url":"u","cache_control":@}""")]
    [InlineData("""{"type":"input_audio","input_audio":{"data":"AA","format":"mp3"},"cache_control":@}""")]
    [InlineData("""{"type":"file","file":{"file_id":"f"},"cache_control":@}""")]
    [InlineData("""{"type":"document","source":{"type":"text","data":"x"},"cache_control":@}""")]
    [InlineData("""{"type":"tool_use","id":"t","name":"n","input":{"cache_control":"mine"},"cache_control":@}""")]
    [InlineData("""{"type":"tool_result","tool_use_id":"t","content":"","cache_control":@}""")]
    [InlineData("""{"type":"refusal","refusal":"no","prompt_cache_breakpoint":{"mode":"explicit"}}""")]
    [InlineData("""{"type":"text","text":"x","cache_control":@,"prompt_cache_breakpoint":{"mode":"explicit"}}""")]
    public void Marker_OnAPart_MarksItsSegment(string part)
    {
        using var segments = Bodies.Cut(Part(part.Replace("@", """{"type":"ephemeral"}""", StringComparison.Ordinal)));

        segments.Count.ShouldBe(1);
        segments[0].Marker.Exists.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"type":"text","text":"","cache_control":@}""", "messages[0].content[0].cache_control")]
    [InlineData("""{"type":"thinking","thinking":"x","cache_control":@}""", "messages[0].content[0].cache_control")]
    [InlineData("""{"type":"redacted_thinking","data":"x","cache_control":@}""", "messages[0].content[0].cache_control")]
    [InlineData("""{"type":"thinking","thinking":"x","prompt_cache_breakpoint":@}""", "messages[0].content[0].prompt_cache_breakpoint")]
    [InlineData("""{"type":"image_url","image_url":{"url":"u","cache_control":@}}""", "messages[0].content[0].image_url.cache_control")]
    [InlineData("""{"type":"input_audio","input_audio":{"cache_control":@}}""", "messages[0].content[0].input_audio.cache_control")]
    [InlineData("""{"type":"document","source":{"type":"content","content":[{"type":"text","text":"x"},{"type":"text","text":"x","cache_control":@}]}}""", "messages[0].content[0].source.content[1].cache_control")]
    [InlineData("""{"type":"tool_result","content":[{"type":"text","text":"x","cache_control":@}]}""", "messages[0].content[0].content[0].cache_control")]
    [InlineData("""{"type":"tool_result","content":[{"type":"image","source":{"prompt_cache_breakpoint":@}}]}""", "messages[0].content[0].content[0].source.prompt_cache_breakpoint")]
    public void Marker_WhereNoneMayStand_NamesThePath(string part, string path)
    {
        var error = Bodies.CutRefused(Part(part.Replace("@", """{"type":"ephemeral"}""", StringComparison.Ordinal)));

        (error.Param, error.Code).ShouldBe((path, "cache_control_not_allowed"));
        Bodies.Cut(Part(part.Replace("@", "null", StringComparison.Ordinal))).Dispose();
    }

    [Theory]
    [InlineData("""{"role":"user","content":"x","cache_control":@}""", 0)]
    [InlineData("""{"role":"user","cache_control":@,"content":[{"type":"text","text":"x"},{"type":"text","text":"y","cache_control":@}]}""", 1)]
    [InlineData("""{"role":"assistant","content":null,"tool_calls":[{"id":"a"},{"id":"b"}],"cache_control":@}""", 2)]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"a","cache_control":@},{"id":"b"}]}""", 1)]
    public void Marker_OnAMessageOrCall_MarksOneSegment(string message, int marked)
    {
        using var segments = Bodies.Cut(Bodies.Chat(message.Replace("@", """{"type":"ephemeral"}""", StringComparison.Ordinal)));

        Enumerable.Range(0, segments.Count).Where(i => segments[i].Marker.Exists).ShouldBe([marked]);
    }

    [Theory]
    [InlineData("\"5m\"", "\"1h\"", false)]
    [InlineData("null", "3600", false)]
    [InlineData("\"1h\"", "null", false)]
    [InlineData("\"1h\"", "3600", true)]
    [InlineData("null", "\"5m\"", true)]
    public void Marker_TwiceOnOneBlock_MustAgreeOnTheTtl(string inner, string outer, bool accepted)
    {
        string Control(string ttl) => $$"""{"type":"ephemeral","ttl":{{ttl}}}""";
        var message = Bodies.Chat($$"""{"role":"user","content":[{"type":"text","text":"x","cache_control":{{Control(inner)}}}],"cache_control":{{Control(outer)}}}""");
        var tool = Bodies.Chat("""{"role":"user","content":"x"}""", $$""","tools":[{"type":"function","function":{"name":"f","cache_control":{{Control(inner)}}},"cache_control":{{Control(outer)}}}]""");

        foreach (var (body, path) in new[] { (message, "messages[0].cache_control"), (tool, "tools[0].cache_control") })
        {
            if (accepted)
            {
                using var segments = Bodies.Cut(body);
                segments[0].Marker.Exists.ShouldBeTrue();
            }
            else
            {
                var error = Bodies.CutRefused(body);
                (error.Param, error.Code).ShouldBe((path, "invalid_cache_control"));
            }
        }
    }

    [Theory]
    [InlineData("""{"role":"user","content":"","cache_control":@}""", "messages[0].cache_control")]
    [InlineData("""{"role":"assistant","content":null,"cache_control":@}""", "messages[0].cache_control")]
    [InlineData("""{"role":"user","content":"x","prompt_cache_breakpoint":@}""", "messages[0].prompt_cache_breakpoint")]
    [InlineData("""{"role":"assistant","tool_calls":[{"function":{"cache_control":@}}]}""", "messages[0].tool_calls[0].function.cache_control")]
    [InlineData("""{"role":"assistant","tool_calls":[{"prompt_cache_breakpoint":@}]}""", "messages[0].tool_calls[0].prompt_cache_breakpoint")]
    [InlineData("""{"role":"assistant","function_call":{"name":"f","cache_control":@}}""", "messages[0].function_call.cache_control")]
    public void Marker_OnAMessageThatHasNoPlaceForIt_NamesThePath(string message, string path)
        => Bodies.CutRefused(Bodies.Chat(message.Replace("@", """{"type":"ephemeral"}""", StringComparison.Ordinal))).Param.ShouldBe(path);

    [Theory]
    [InlineData(""","tools":[{"type":"function","cache_control":{"type":"x"}}]""", "tools[0].cache_control.type")]
    [InlineData(""","tools":[{},{"function":{"cache_control":{"type":"ephemeral","ttl":1}}}]""", "tools[1].function.cache_control.ttl")]
    [InlineData(""","tools":[{"prompt_cache_breakpoint":{"mode":"explicit"}}]""", "tools[0].prompt_cache_breakpoint")]
    [InlineData(""","cache_control":1""", "cache_control")]
    [InlineData(""","cache_control":{"type":"ephemeral","ttl":"2h"}""", "cache_control.ttl")]
    [InlineData(""","prompt_cache_options":1""", "prompt_cache_options")]
    [InlineData(""","prompt_cache_options":{"mode":"x"}""", "prompt_cache_options.mode")]
    [InlineData(""","prompt_cache_options":{"ttl":"5m"}""", "prompt_cache_options.ttl")]
    public void Marker_ElsewhereWrong_NamesThePath(string member, string path)
        => Bodies.CutRefused(Bodies.Chat("""{"role":"user","content":"x"}""", member)).Param.ShouldBe(path);

    [Theory]
    [InlineData("""{"mode":"implicit"}""", "messages[0].content[0].prompt_cache_breakpoint.mode")]
    [InlineData("""{}""", "messages[0].content[0].prompt_cache_breakpoint.mode")]
    [InlineData("1", "messages[0].content[0].prompt_cache_breakpoint")]
    public void Breakpoint_Wrong_NamesThePath(string marker, string path)
        => Bodies.CutRefused(Part($$"""{"type":"text","text":"x","prompt_cache_breakpoint":{{marker}}}""")).Param.ShouldBe(path);

    [Theory]
    [InlineData("null", CacheOptionsMode.Unspecified)]
    [InlineData("{}", CacheOptionsMode.Unspecified)]
    [InlineData("""{"mode":"implicit","ttl":"30m"}""", CacheOptionsMode.Implicit)]
    [InlineData("""{"mode":"explicit"}""", CacheOptionsMode.Explicit)]
    public void OptionsMode_AsSaid(string options, CacheOptionsMode mode)
    {
        using var segments = Bodies.Cut(Bodies.Chat("""{"role":"user","content":"x"}""", $",\"prompt_cache_options\":{options}"));

        segments.OptionsMode.ShouldBe(mode);
    }

    private static string Part(string part) => Bodies.Chat($$"""{"role":"user","content":[{{part}}]}""");
}
