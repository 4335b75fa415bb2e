using System.Text;

namespace PromptCache.Providers.Tests.Anthropic;

public class MessagesRequestReaderTests
{
    [Fact]
    public void ToChat_WholeRequest_InOpenAIsWords()
        => Inbound.ToChat("""
            {"model":"gpt-5","max_tokens":100,"stream":true,"temperature":0.50,"stop_sequences":["x"],"top_k":3,"metadata":{"user_id":"u"},
             "system":[{"type":"text","text":"S \u00e4","cache_control":{"type":"ephemeral","ttl":"1h"}}],
             "tools":[{"name":"f","description":"d","input_schema":{"type":"object", "properties":{"b":1.0}},"cache_control":{"type":"ephemeral"}},{"type":"web_search_20250305","name":"web_search"}],
             "tool_choice":{"type":"any","disable_parallel_tool_use":true},
             "thinking":{"type":"enabled","budget_tokens":2000},
             "messages":[{"role":"user","content":"hi"},
               {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"text","text":"a"},{"type":"tool_use","id":"t1","name":"f","input":{"a": "\n"}},{"type":"tool_use","id":"t2","name":"f","input":{},"cache_control":{"type":"ephemeral"}}]},
               {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"r1"},{"type":"tool_result","tool_use_id":"t2","content":[{"type":"text","text":"r2"}],"cache_control":{"type":"ephemeral"}},{"type":"text","text":"go on"}]}]}
            """)
            .ShouldBe("""{"model":"gpt-5","tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object", "properties":{"b":1.0}}},"cache_control":{"type":"ephemeral"}},{"type":"web_search_20250305","name":"web_search"}],"""
                + "\"messages\":" + """[{"role":"system","content":[{"type":"text","text":"S \u00e4","cache_control":{"type":"ephemeral","ttl":"1h"}}]},{"role":"user","content":"hi"},"""
                + """{"role":"assistant","content":[{"type":"text","text":"a"}],"reasoning_content":"t","tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{\"a\": \"\\n\"}"}},{"id":"t2","type":"function","function":{"name":"f","arguments":"{}"},"cache_control":{"type":"ephemeral"}}]},"""
                + """{"role":"tool","tool_call_id":"t1","content":"r1"},{"role":"tool","tool_call_id":"t2","content":[{"type":"text","text":"r2"}],"cache_control":{"type":"ephemeral"}},{"role":"user","content":[{"type":"text","text":"go on"}]}],"""
                + """ "max_completion_tokens":100,"temperature":0.50,"stop":["x"],"tool_choice":"required","parallel_tool_calls":false,"thinking":{"type":"enabled","budget_tokens":2000},"reasoning_effort":"low","user":"u","stream":true,"stream_options":{"include_usage":true}}""".Trim());

    [Theory]
    [InlineData("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QQ=="},"cache_control":{"type":"ephemeral"}}""", """{"type":"image_url","image_url":{"url":"data:image/png;base64,QQ=="},"cache_control":{"type":"ephemeral"}}""")]
    [InlineData("""{"type":"image","source":{"type":"url","url":"https://x"}}""", """{"type":"image_url","image_url":{"url":"https://x"}}""")]
    [InlineData("""{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"QQ=="},"title":"T"}""", """{"type":"file","file":{"filename":"T","file_data":"data:application/pdf;base64,QQ=="}}""")]
    [InlineData("""{"type":"document","source":{"type":"text","media_type":"text/plain","data":"D"},"title":"T","cache_control":{"type":"ephemeral"}}""", """{"type":"text","text":"T\n\nD","cache_control":{"type":"ephemeral"}}""")]
    [InlineData("""{"type":"search_result","source":"s","title":"t","content":[]}""", """{"type":"search_result","source":"s","title":"t","content":[]}""")]
    public void ToChat_Block_AsAPart(string block, string part)
        => Inbound.ToChat($$"""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{{block}}]}]}""")
            .ShouldBe($$"""{"model":"m","messages":[{"role":"user","content":[{{part}}]}],"max_completion_tokens":1}""");

    [Fact]
    public void ToChat_StructuredOutputAndAutomaticCaching_Carried()
        => Inbound.ToChat("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"output_config":{"effort":"max","format":{"type":"json_schema","schema":{"b":1}}},"thinking":{"type":"adaptive"},"cache_control":{"type":"ephemeral"}}""")
            .ShouldEndWith("""],"max_completion_tokens":1,"output_config":{"effort":"max"},"thinking":{"type":"adaptive"},"reasoning_effort":"xhigh","response_format":{"type":"json_schema","json_schema":{"name":"response","strict":true,"schema":{"b":1}}},"cache_control":{"type":"ephemeral"}}""");

    // OpenAI takes text alone from tools: an image there would be refused, this turn and all that follow.
    [Fact]
    public void ToChat_ResultsThatShowSomething_ShownByTheUserBehindThem()
        => Inbound.ToChat("""
            {"model":"m","max_tokens":1,"messages":[{"role":"user","content":[
              {"type":"tool_result","tool_use_id":"a","content":[{"type":"text","text":"A"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QQ=="},"cache_control":{"type":"ephemeral"}}]},
              {"type":"tool_result","tool_use_id":"b","content":"B"},
              {"type":"tool_result","tool_use_id":"c","content":[{"type":"document","source":{"type":"url","url":"https://x"}}],"cache_control":{"type":"ephemeral"}},
              {"type":"text","text":"go on"}]}]}
            """)
            .ShouldContain("""
            "messages":[{"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"A"}]},{"role":"tool","tool_call_id":"b","content":"B"},{"role":"tool","tool_call_id":"c","content":"(in the user's next message)","cache_control":{"type":"ephemeral"}},{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,QQ=="},"cache_control":{"type":"ephemeral"}},{"type":"file","file":{"filename":"document.pdf","file_data":"https://x"}},{"type":"text","text":"go on"}]}],
            """.Trim());

    [Theory]
    [InlineData(""" "mcp_servers":[{"type":"url","url":"https://x","name":"s"}] """, "mcp_servers")]
    [InlineData(""" "container":"c" """, "container")]
    [InlineData(""" "mcp_servers":[],"container":null,"context_management":{} """, null)]
    public void FindUntranslatable_WhatOnlyAnthropicCanDo_NamesIt(string members, string? expected)
        => (new Providers.Anthropic.AnthropicInbound().FindUntranslatable(Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[],{{members}}}"""))?.Param).ShouldBe(expected);

    // Without a word about thinking the newer models think, and effort is their only control; what is switched off stays unsaid. Anthropic's own words go along: they count in the prefix, and no other provider is sent them.
    [Theory]
    [InlineData(""" "output_config":{"effort":"low"} """, """ "output_config":{"effort":"low"},"reasoning_effort":"low" """)]
    [InlineData(""" "output_config":{"effort":"low"},"thinking":{"type":"adaptive"} """, """ "output_config":{"effort":"low"},"thinking":{"type":"adaptive"},"reasoning_effort":"low" """)]
    [InlineData(""" "output_config":{"effort":"low"},"thinking":{"type":"disabled"} """, """ "output_config":{"effort":"low"} """)]
    [InlineData(""" "output_config":{"effort":"low"},"thinking":{"type":"between_tools"} """, """ "output_config":{"effort":"low"} """)]
    [InlineData(""" "output_format":{"type":"json_schema","schema":{"b":1}} """, """ "response_format":{"type":"json_schema","json_schema":{"name":"response","strict":true,"schema":{"b":1}}} """)]
    public void ToChat_EffortAndFormat_InOpenAIsWords(string members, string? expected)
        => Inbound.ToChat($$"""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],{{members}}}""")
            .ShouldEndWith($"\"max_completion_tokens\":1{(expected is null ? "" : ",")}{expected?.Trim()}}}");

    [Theory]
    [InlineData("[]", null)]
    [InlineData("{", null)]
    [InlineData("""{"messages":[]}""", "model")]
    [InlineData("""{"model":"m"}""", "messages")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"tool","content":"x"}]}""", "messages[0].role")]
    public void ToChat_NoMessagesRequest_NamesThePath(string body, string? path) => Inbound.Refused(body).ShouldBe(path);

    [Theory]
    [InlineData("claude-sonnet-4-5")]
    [InlineData("claude-opus-4-8")]
    public void ToChat_AndBack_SameBytes(string model)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var conversation = new AnthropicConversations(new Random(seed), thinks: false);
            for (var turn = 0; turn < 4; turn++)
            {
                conversation.Grow();
                var messages = Translation.Request(conversation.ToJson(), model);

                var back = Translation.Request(Inbound.ToChat(messages), model);

                (back == messages).ShouldBeTrue($"seed {seed}, turn {turn}:\n{messages}\n{back}");
            }
        }
    }

    [Fact]
    public void WriteError_OwnError_InAnthropicsShape()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        new Providers.Anthropic.AnthropicInbound().WriteError(413, new("Too \"large\".", "messages", "x"), output);
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe("""{"type":"error","error":{"type":"request_too_large","message":"messages: Too \"large\"."}}""");
    }
}
