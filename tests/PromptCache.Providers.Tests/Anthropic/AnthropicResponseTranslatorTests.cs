using System.Buffers;
using System.Text;
using PromptCache.Core.Usage;
using PromptCache.Providers.Anthropic;

namespace PromptCache.Providers.Tests.Anthropic;

public class AnthropicResponseTranslatorTests
{
    private const string Head = """data: {"id":"msg_1","object":"chat.completion.chunk","created":1700000000,"model":"claude","choices":[""";

    private const string Start = """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"usage":{"input_tokens":21,"cache_creation_input_tokens":188,"cache_read_input_tokens":1000,"cache_creation":{"ephemeral_5m_input_tokens":148,"ephemeral_1h_input_tokens":40},"output_tokens":1}}}""";

    [Fact]
    public void TranslateBody_TextAndTools_Completion()
        => Translation.Body("""
            {"id":"msg_01","type":"message","role":"assistant","model":"claude-x","content":[{"type":"text","text":"Let me \u00e4 look. "},{"type":"text","text":"Now."},{"type":"tool_use","id":"toolu_1","name":"w","input":{"city": "Ulm"}}],"stop_reason":"tool_use","stop_sequence":null,
             "usage":{"input_tokens":2048,"cache_read_input_tokens":1800,"cache_creation_input_tokens":248,"cache_creation":{"ephemeral_5m_input_tokens":148,"ephemeral_1h_input_tokens":100},"output_tokens":503,"output_tokens_details":{"thinking_tokens":3}}}
            """)
            .ShouldBe("""
            {"id":"msg_01","object":"chat.completion","created":1700000000,"model":"claude","choices":[{"index":0,"message":{"role":"assistant","content":"Let me \u00e4 look. Now.","refusal":null,"tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"w","arguments":"{\"city\": \"Ulm\"}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":4096,"completion_tokens":503,"total_tokens":4599,"prompt_tokens_details":{"cached_tokens":1800,"cache_write_tokens":248},"completion_tokens_details":{"reasoning_tokens":3},"cache_creation_input_tokens":248,"cache_read_input_tokens":1800,"cache_creation":{"ephemeral_5m_input_tokens":148,"ephemeral_1h_input_tokens":100}}}
            """.Trim());

    [Fact]
    public void TranslateBody_Thinking_ShownAndKept()
        => Translation.Body("""{"id":"m","content":[{"type":"thinking","thinking":"hm","signature":"S"},{"type":"text","text":"a"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2}}""")
            .ShouldBe("""{"id":"m","object":"chat.completion","created":1700000000,"model":"claude","choices":[{"index":0,"message":{"role":"assistant","content":"a","refusal":null,"reasoning_content":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"S","format":"anthropic-claude-v1","index":0}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""");

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("pause_turn", "stop")]
    [InlineData("something_new", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("tool_use", "tool_calls")]
    [InlineData("refusal", "content_filter")]
    public void Translate_StopReason_FinishReason(string reason, string expected)
    {
        Translation.Body($$"""{"id":"m","content":[],"stop_reason":"{{reason}}"}""").ShouldContain($"\"finish_reason\":\"{expected}\"");
        Translation.Stream(Event($$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}"}}""")).ShouldContain($"\"finish_reason\":\"{expected}\"");
    }

    [Fact]
    public void Translate_RefusalExplained_SaidInBothWays()
    {
        Translation.Body("""{"id":"m","content":[],"stop_reason":"refusal","stop_details":{"type":"refusal","explanation":"No \u00e4."}}""").ShouldContain("\"refusal\":\"No \\u00e4.\"");
        Translation.Stream(Event(Start), Event("""{"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":{"type":"refusal","explanation":"No \u00e4."}}}"""))
            .ShouldContain("""{"index":0,"delta":{"refusal":"No \u00e4."},"finish_reason":null}]}""" + "\n\n" + Head + """{"index":0,"delta":{},"finish_reason":"content_filter"}""");
    }

    [Fact]
    public void ReportedBeforeEnd_UntilTheReport_ThePromptAlone()
    {
        var translator = Translation.Response();
        translator.ReportedBeforeEnd.ShouldBeNull();
        translator.TranslateEvent(Encoding.UTF8.GetBytes(Event(Start)), new ArrayBufferWriter<byte>());

        translator.ReportedBeforeEnd.ShouldBe(new TokenUsage { PromptTokens = 1209, CacheRead = 1000, CacheWrite = 148, CacheWrite1h = 40, Source = CountSource.Estimated });

        translator.TranslateEvent(Encoding.UTF8.GetBytes(Event("""{"type":"message_delta","delta":{},"usage":{"output_tokens":9}}""")), new ArrayBufferWriter<byte>());
        translator.ReportedBeforeEnd.ShouldBeNull();
    }

    [Fact]
    public void TranslateEvent_TextStream_OneInOneOut()
    {
        Translation.Stream(Event(Start)).ShouldBe(Head + """{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""" + "\n\n");
        var stream = Translation.Stream(
            Event(Start),
            Event("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""),
            Event("""{"type":"ping"}"""),
            Event("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi \ud83d\ude42"}}"""),
            Event("""{"type":"content_block_stop","index":0}"""),
            Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":21,"cache_creation_input_tokens":188,"cache_read_input_tokens":1000,"output_tokens":15}}"""),
            Event("""{"type":"message_stop"}"""));

        stream.ShouldBe(
            Head + """{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""" + "\n\n"
            + ": ping\n\n"
            + Head + """{"index":0,"delta":{"content":"Hi \ud83d\ude42"},"finish_reason":null}]}""" + "\n\n"
            + Head + """{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n"
            + Head + """],"usage":{"prompt_tokens":1209,"completion_tokens":15,"total_tokens":1224,"prompt_tokens_details":{"cached_tokens":1000,"cache_write_tokens":188},"cache_creation_input_tokens":188,"cache_read_input_tokens":1000,"cache_creation":{"ephemeral_5m_input_tokens":148,"ephemeral_1h_input_tokens":40}}}""" + "\n\n"
            + "data: [DONE]\n\n");
    }

    [Fact]
    public void TranslateEvent_ToolsAfterThinking_IndexesOfTheirOwn()
    {
        var stream = Translation.Stream(
            Event(Start),
            Event("""{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"""),
            Event("""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"a\n"}}"""),
            Event("""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"b"}}"""),
            Event("""{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"SIG"}}"""),
            Event("""{"type":"content_block_stop","index":0}"""),
            Event("""{"type":"content_block_start","index":1,"content_block":{"type":"server_tool_use","id":"srv","name":"web_search","input":{}}}"""),
            Event("""{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{}"}}"""),
            Event("""{"type":"content_block_stop","index":1}"""),
            Event("""{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t1","name":"f","input":{}}}"""),
            Event("""{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}"""),
            Event("""{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}"""),
            Event("""{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":" 1}"}}"""),
            Event("""{"type":"content_block_stop","index":2}"""),
            Event("""{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"t2","name":"g","input":{}}}"""),
            Event("""{"type":"content_block_stop","index":3}"""));

        Deltas(stream).ShouldBe(
        [
            """{"role":"assistant","content":""}""",
            """{"reasoning_content":"a\n"}""",
            """{"reasoning_content":"b"}""",
            """{"reasoning_details":[{"type":"reasoning.text","text":"a\nb","signature":"SIG","format":"anthropic-claude-v1","index":0}]}""",
            """{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"f","arguments":""}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":" 1}"}}]}""",
            """{"tool_calls":[{"index":1,"id":"t2","type":"function","function":{"name":"g","arguments":""}}]}""",
            """{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]}""",
        ]);
    }

    [Theory]
    [InlineData("event: message_stop\r\ndata: {\"type\":\"message_stop\"}\r\n\r\n")]
    [InlineData("event: message_stop\rdata:{\"type\":\"message_stop\"}\r\r")]
    [InlineData(": c\nid: 1\ndata: {\"type\":\ndata: \"message_stop\"}\n\n")]
    [InlineData("data: {\"type\":\"message_stop\"}")]
    public void TranslateEvent_AnyFraming_Understood(string sse) => Translation.Stream(sse).ShouldEndWith("data: [DONE]\n\n");

    [Fact]
    public void TranslateEvent_UsageReportedTwice_NeverAdded()
        => Translation.Stream(
            Event("""{"type":"message_start","message":{"id":"m","usage":{"input_tokens":0,"output_tokens":1}}}"""),
            Event("""{"type":"message_delta","delta":{},"usage":{"input_tokens":30,"cache_read_input_tokens":4,"output_tokens":5}}"""),
            Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":null,"output_tokens":9}}"""),
            Event("""{"type":"message_stop"}"""))
            .ShouldContain(""" "usage":{"prompt_tokens":34,"completion_tokens":9,"total_tokens":43,"prompt_tokens_details":{"cached_tokens":4},"cache_read_input_tokens":4}""".Trim());

    [Fact]
    public void Complete_StreamCut_NoDone()
    {
        Translation.Stream(Event(Start)).ShouldNotContain("[DONE]");
        var late = Translation.Stream(Event(Start), Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}"""));
        late.ShouldNotContain("[DONE]");
        late.ShouldContain("\"completion_tokens\":9");
    }

    [Fact]
    public void TranslateEvent_Error_InOpenAIsShape()
        => Translation.Stream("event: error\ndata: {\"type\":\"error\",\ndata: \"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")
            .ShouldBe("""data: {"error":{"message":"Overloaded","type":"server_error","param":null,"code":"overloaded_error","provider_error":{"type":"error", "error":{"type":"overloaded_error","message":"Overloaded"}}}}""" + "\n\n");

    [Theory]
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error","message":"m"},"request_id":"r"}""", """{"error":{"message":"m","type":"invalid_request_error","param":null,"code":"invalid_request_error","provider_error":{"type":"error","error":{"type":"invalid_request_error","message":"m"},"request_id":"r"}}}""")]
    [InlineData(529, """{"type":"error","error":{"type":"overloaded_error","message":"m"}}""", """{"error":{"message":"m","type":"server_error","param":null,"code":"overloaded_error","provider_error":{"type":"error","error":{"type":"overloaded_error","message":"m"}}}}""")]
    [InlineData(429, """{"type":"error","error":{"type":"rate_limit_error","message":"m"}}""", """{"error":{"message":"m","type":"rate_limit_error","param":null,"code":"rate_limit_error","provider_error":{"type":"error","error":{"type":"rate_limit_error","message":"m"}}}}""")]
    [InlineData(502, "<html>\"bad\"</html>", """{"error":{"message":"The provider answered with status 502.","type":"server_error","param":null,"code":null,"provider_error":"<html>\"bad\"</html>"}}""")]
    [InlineData(401, "", """{"error":{"message":"The provider answered with status 401.","type":"authentication_error","param":null,"code":null,"provider_error":""}}""")]
    public void TranslateError_AnyBody_InOpenAIsShape(int status, string body, string expected)
    {
        var output = new ArrayBufferWriter<byte>();

        Translation.Response().TranslateError(status, Encoding.UTF8.GetBytes(body), output);

        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe(expected);
    }

    [Fact]
    public void Protocol_Facts()
    {
        IWireProtocol protocol = new AnthropicProtocol();

        protocol.PathFor("m", stream: true).ShouldBe("/v1/messages");
        protocol.KeyHeader.ShouldBe(("x-api-key", ""));
        protocol.Headers.ShouldBe([new("anthropic-version", "2023-06-01")]);
        protocol.StatusFor(529).ShouldBe(503);
        protocol.StatusFor(400).ShouldBe(400);
    }

    private static string Event(string data) => $"event: x\ndata: {data}\n\n";

    private static string[] Deltas(string stream)
        => [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(e => e[(e.IndexOf("\"delta\":", StringComparison.Ordinal) + 8)..^",\"finish_reason\":null}]}".Length])];
}
