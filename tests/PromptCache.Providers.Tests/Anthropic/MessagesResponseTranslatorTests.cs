using System.Buffers;
using System.Text;

namespace PromptCache.Providers.Tests.Anthropic;

public class MessagesResponseTranslatorTests
{
    private const string Zero = """{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}""";

    [Fact]
    public void TranslateBody_Everything_Message()
        => Inbound.Body("""
            {"id":"chatcmpl-1","model":"up","choices":[{"index":0,"message":{"role":"assistant","content":"a \u00e4","reasoning_content":"r","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\": 1.0}"}}]},"finish_reason":"tool_calls"}],
             "usage":{"prompt_tokens":100,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":60,"cache_write_tokens":30},"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20}},"cost_details":{"status":"exact"}}
            """)
            .ShouldBe("""{"id":"chatcmpl-1","type":"message","role":"assistant","model":"claude-x","content":[{"type":"thinking","thinking":"r","signature":""},{"type":"text","text":"a \u00e4","citations":null},{"type":"tool_use","id":"c1","name":"f","input":{"x": 1.0},"caller":{"type":"direct"}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":30,"cache_read_input_tokens":60,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":7},"cost_details":{"status":"exact"}}""");

    [Theory]
    [InlineData("stop", "end_turn")]
    [InlineData("length", "max_tokens")]
    [InlineData("content_filter", "refusal")]
    [InlineData("tool_calls", "tool_use")]
    public void Translate_FinishReason_StopReason(string finish, string stop)
    {
        Inbound.Body($$$"""{"choices":[{"message":{"content":null},"finish_reason":"{{{finish}}}"}]}""").ShouldContain($"\"stop_reason\":\"{stop}\"");
        Inbound.Stream($$$"""{"choices":[{"delta":{},"finish_reason":"{{{finish}}}"}]}""").ShouldContain($"\"stop_reason\":\"{stop}\"");
    }

    [Fact]
    public void TranslateEvent_ThinkingTextTools_BlocksInSequence()
        => Inbound.Stream(
            """{"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
            """{"id":"c","choices":[{"index":0,"delta":{"reasoning_content":"r\n"}}]}""",
            ": keep-alive",
            """{"id":"c","choices":[{"index":0,"delta":{"content":"a"}}]}""",
            """{"id":"c","choices":[{"index":0,"delta":{"content":"b"}}]}""",
            """{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"f","arguments":""}}]}}]}""",
            """{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":1}"}}]}}]}""",
            """{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"t2","type":"function","function":{"name":"g","arguments":"{}"}}]}}]}""",
            """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
            """{"id":"c","choices":[],"usage":{"prompt_tokens":50,"completion_tokens":9,"prompt_tokens_details":{"cached_tokens":40}},"cost_details":{"status":"exact"}}""",
            "[DONE]")
            .ShouldBe(Events(
                ("message_start", $$$$"""{"type":"message_start","message":{"id":"c","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{{{{Zero}}}}}}"""),
                ("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"""),
                ("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"r\n"}}"""),
                ("ping", """{"type":"ping"}"""),
                ("content_block_stop", """{"type":"content_block_stop","index":0}"""),
                ("content_block_start", """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"","citations":null}}"""),
                ("content_block_delta", """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"a"}}"""),
                ("content_block_delta", """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"b"}}"""),
                ("content_block_stop", """{"type":"content_block_stop","index":1}"""),
                ("content_block_start", """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t1","name":"f","input":{},"caller":{"type":"direct"}}}"""),
                ("content_block_delta", """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}}"""),
                ("content_block_stop", """{"type":"content_block_stop","index":2}"""),
                ("content_block_start", """{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"t2","name":"g","input":{},"caller":{"type":"direct"}}}"""),
                ("content_block_delta", """{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{}"}}"""),
                ("content_block_stop", """{"type":"content_block_stop","index":3}"""),
                ("message_delta", """{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":10,"cache_creation_input_tokens":0,"cache_read_input_tokens":40,"output_tokens":9},"cost_details":{"status":"exact"}}"""),
                ("message_stop", """{"type":"message_stop"}""")));

    [Fact]
    public void TranslateEvent_MixedToolCalls_AnErrorNotAWrongCall()
    {
        var stream = Inbound.Stream(
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}},{"index":1,"id":"b","function":{"name":"g","arguments":"{"}}]}}]}""",
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}}]}""",
            "[DONE]");

        stream.ShouldContain("event: error");
        stream.ShouldNotContain("message_stop");
    }

    [Fact]
    public void TranslateEvent_Error_ErrorEvent()
        => Inbound.Stream("""{"error":{"message":"m","type":"server_error"}}""", "[DONE]")
            .ShouldBe(Events(("error", """{"type":"error","error":{"type":"api_error","message":"m","provider_error":{"error":{"message":"m","type":"server_error"}}}}""")));

    [Fact]
    public void Complete_StreamCut_NotEnded()
    {
        Inbound.Stream("""{"choices":[{"delta":{"content":"a"}}]}""").ShouldNotContain("message_stop");
        Inbound.Stream("""{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}""").ShouldEndWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    }

    [Theory]
    [InlineData(404, """{"error":{"message":"no \"m\"","type":"x"}}""", """{"type":"error","error":{"type":"not_found_error","message":"no \"m\"","provider_error":{"error":{"message":"no \"m\"","type":"x"}}}}""")]
    [InlineData(503, "<html>", """{"type":"error","error":{"type":"overloaded_error","message":"The provider answered with status 503.","provider_error":"<html>"}}""")]
    public void TranslateError_AnyBody_InAnthropicsShape(int status, string body, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        Inbound.Response().TranslateError(status, Encoding.UTF8.GetBytes(body), output);
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe(expected);
    }

    [Fact]
    public void RoundTrip_MessageThroughChatAndBack_SameContent()
    {
        const string Content = """[{"type":"text","text":"a \u00e4 \"q\"","citations":null},{"type":"tool_use","id":"toolu_1","name":"f","input":{"z": 1.50},"caller":{"type":"direct"}}]""";
        var chat = Translation.Body($$$"""{"id":"msg","content":{{{Content}}},"stop_reason":"tool_use","usage":{"input_tokens":5,"cache_creation_input_tokens":3,"cache_read_input_tokens":2,"cache_creation":{"ephemeral_5m_input_tokens":1,"ephemeral_1h_input_tokens":2},"output_tokens":4}}""");

        Inbound.Body(chat).ShouldBe($$$"""{"id":"msg","type":"message","role":"assistant","model":"claude-x","content":{{{Content}}},"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":5,"cache_creation_input_tokens":3,"cache_read_input_tokens":2,"cache_creation":{"ephemeral_5m_input_tokens":1,"ephemeral_1h_input_tokens":2},"output_tokens":4}}""");
    }

    [Fact]
    public void Translate_Arbitrary_NeverThrows()
    {
        string[] samples =
        [
            "null", "[DONE", "{}", """{"choices":5}""", """{"choices":[5]}""", """{"choices":[{"delta":[]}]}""", """{"choices":[{"delta":{"tool_calls":[null,{"index":-1},{"index":1e9}]}}]}""",
            """{"choices":[{"delta":{"content":{}}}],"usage":[]}""", """{"usage":{"prompt_tokens":-1,"completion_tokens":"x"}}""", """{"error":"text"}""", new string('{', 900), "\u00ff\u0000",
        ];
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var response = Inbound.Response();
            var output = new ArrayBufferWriter<byte>();
            for (var i = 0; i < 6; i++)
            {
                var bytes = Encoding.Latin1.GetBytes(samples[random.Next(samples.Length)]);
                Should.NotThrow(
                    () =>
                    {
                        response.TranslateEvent([.. "data: "u8, .. bytes, .. "\r\n\r\n"u8], output);
                        response.TranslateBody(bytes, output);
                        response.TranslateError(random.Next(600), bytes, output);
                    },
                    $"seed {seed}");
            }

            response.Complete(output);
        }
    }

    private static string Events(params (string Name, string Data)[] events) => string.Concat(events.Select(e => $"event: {e.Name}\ndata: {e.Data}\n\n"));
}
