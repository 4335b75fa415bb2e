namespace PromptCache.Providers.Tests.Anthropic;

/// <summary>Golden pairs, written by hand from Anthropic's documentation.</summary>
public class AnthropicRequestTranslatorTests
{
    private const string Hi = """[{"role":"user","content":"hi"}]""";

    [Fact]
    public void Translate_PlainChat_BlocksAndDefaultLimit()
        => Translation.Request("""{"model":"m","messages":[{"role":"system","content":"Be \u00fcber kind."},{"role":"developer","content":"And brief."},{"role":"user","content":"hi\n"},{"role":"assistant","content":"Hello 🙂"},{"role":"user","content":"bye"}],"stream":true}""")
            .ShouldBe("""{"model":"claude-sonnet-4-5","system":[{"type":"text","text":"Be \u00fcber kind."},{"type":"text","text":"And brief."}],"messages":[{"role":"user","content":[{"type":"text","text":"hi\n"}]},{"role":"assistant","content":[{"type":"text","text":"Hello 🙂"}]},{"role":"user","content":[{"type":"text","text":"bye"}]}],"max_tokens":64000,"stream":true}""");

    [Fact]
    public void Translate_ParallelToolCalls_OneMessageOfResults()
        => Translation.Messages("""
            [{"role":"user","content":"weather?"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"w","arguments":"{\"city\": \"Ulm\",\n \"n\": 1.0}"}},{"id":"call_2","type":"function","function":{"name":"w","arguments":""}}]},
             {"role":"tool","tool_call_id":"call_1","content":"sunny"},
             {"role":"tool","tool_call_id":"call_2","content":[{"type":"text","text":"rain"},{"type":"image_url","image_url":{"url":"https://x/y.png"}}]},
             {"role":"user","content":"and?"}]
            """)
            .ShouldBe("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"weather?\"}]},"
                + "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"call_1\",\"name\":\"w\",\"input\":{\"city\": \"Ulm\",\n \"n\": 1.0}},{\"type\":\"tool_use\",\"id\":\"call_2\",\"name\":\"w\",\"input\":{}}]},"
                + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"call_1\",\"content\":[{\"type\":\"text\",\"text\":\"sunny\"}]},"
                + "{\"type\":\"tool_result\",\"tool_use_id\":\"call_2\",\"content\":[{\"type\":\"text\",\"text\":\"rain\"},{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://x/y.png\"}}]}]},"
                + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"and?\"}]}]");

    [Fact]
    public void Translate_Tools_SchemaVerbatimAndMarkersCarried()
        => Translation.Request("""
            {"model":"m","max_tokens":5,"messages":[{"role":"user","content":"hi"}],"tools":[
              {"type":"function","function":{"description":"d","name":"a","parameters":{"type": "object",  "properties":{"z":{"type":"number","minimum":1.50}}},"strict":true}},
              {"type":"function","function":{"name":"b","cache_control":{"type":"ephemeral","ttl":3600}}},
              {"type":"function","function":{"name":"c","parameters":{"properties":{"q":{}}}},"cache_control":{"type":"ephemeral"}},
              {"type":"web_search_20250305","name":"web_search","max_uses":3,"cache_control":{"type":"ephemeral","ttl":"5m"}},
              {"name":"own","input_schema":{"type":"object"}}]}
            """)
            .ShouldBe("""
            {"model":"claude-sonnet-4-5","tools":[{"description":"d","name":"a","input_schema":{"type": "object",  "properties":{"z":{"type":"number","minimum":1.50}}},"strict":true},{"name":"b","input_schema":{"type":"object","properties":{}},"cache_control":{"type":"ephemeral","ttl":"1h"}},{"name":"c","input_schema":{"type":"object","properties":{"q":{}}},"cache_control":{"type":"ephemeral"}},{"type":"web_search_20250305","name":"web_search","max_uses":3,"cache_control":{"type":"ephemeral","ttl":"5m"}},{"name":"own","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],"max_tokens":5}
            """.Trim());

    [Theory]
    [InlineData("\"auto\"", null, """{"type":"auto"}""")]
    [InlineData("\"none\"", "false", """{"type":"none"}""")]
    [InlineData("\"required\"", null, """{"type":"any"}""")]
    [InlineData("\"required\"", "false", """{"type":"any","disable_parallel_tool_use":true}""")]
    [InlineData("""{"type":"function","function":{"name":"f"}}""", "true", """{"type":"tool","name":"f"}""")]
    [InlineData("""{"type":"tool","name":"f","disable_parallel_tool_use":true}""", null, """{"type":"tool","name":"f","disable_parallel_tool_use":true}""")]
    [InlineData("""{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[]}}""", null, """{"type":"any"}""")]
    [InlineData(null, "false", """{"type":"auto","disable_parallel_tool_use":true}""")]
    [InlineData(null, "true", null)]
    public void Translate_ToolChoice_InAnthropicsWords(string? choice, string? parallel, string? expected)
    {
        var request = $$$$"""{"model":"m","messages":{{{{Hi}}}},"tools":[{"type":"function","function":{"name":"f"}}]{{{{Member("tool_choice", choice)}}}}{{{{Member("parallel_tool_calls", parallel)}}}}}""";

        var text = Translation.Request(request);

        if (expected is null)
        {
            text.ShouldNotContain("tool_choice");
        }
        else
        {
            text.ShouldContain($"\"tool_choice\":{expected}");
        }
    }

    [Fact]
    public void Translate_ToolChoiceWithoutTools_LeftOut()
        => Translation.Request($$$$"""{"model":"m","messages":{{{{Hi}}}},"tool_choice":"none"}""").ShouldNotContain("tool_choice");

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image/jpg;base64,QUJD"}}""", """{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"QUJD"}}""")]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image\/png;base64,QU\/D","detail":"high"}}""", """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QU/D"}}""")]
    [InlineData("""{"type":"image_url","image_url":"HTTPS://x/a.png","cache_control":{"type":"ephemeral","ttl":300}}""", """{"type":"image","source":{"type":"url","url":"HTTPS://x/a.png"},"cache_control":{"type":"ephemeral","ttl":"5m"}}""")]
    [InlineData("""{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0="}}""", """{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="},"title":"a.pdf"}""")]
    [InlineData("""{"type":"file","file":{"file_data":"https://x/a.pdf"}}""", """{"type":"document","source":{"type":"url","url":"https://x/a.pdf"}}""")]
    [InlineData("""{"type":"file","file":{"file_data":"data:text/plain;charset=utf-8;base64,SGkgInlvdSI="}}""", """{"type":"document","source":{"type":"text","media_type":"text/plain","data":"Hi \"you\""}}""")]
    [InlineData("""{"type":"text","text":"x","citations":[],"cache_control":{"ttl":"1h","type":"ephemeral"}}""", """{"type":"text","text":"x","citations":[],"cache_control":{"ttl":"1h","type":"ephemeral"}}""")]
    [InlineData("""{"type":"text","text":"x","prompt_cache_breakpoint":{"mode":"explicit"}}""", """{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}""")]
    [InlineData("""{"cache_control":{"type":"ephemeral"},"type":"document","source":{"type":"text","media_type":"text/plain","data":"D"},"title":"t"}""", """{"type":"document","source":{"type":"text","media_type":"text/plain","data":"D"},"title":"t","cache_control":{"type":"ephemeral"}}""")]
    [InlineData("""{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"r","cache_control":{"type":"ephemeral","ttl":3600}}]}""", """{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"r"}],"cache_control":{"type":"ephemeral","ttl":"1h"}}""")]
    [InlineData("""{"type":"tool_result","tool_use_id":"t","content":"plain"}""", """{"type":"tool_result","tool_use_id":"t","content":"plain"}""")]
    [InlineData("""{"type":"some_new_block","x":1.0}""", """{"type":"some_new_block","x":1.0}""")]
    public void Translate_Part_AsABlock(string part, string expected)
        => Translation.Messages($$$$"""[{"role":"user","content":[{{{{part}}}}]}]""").ShouldBe($$$$""" "messages":[{"role":"user","content":[{{{{expected}}}}]}]""".Trim());

    [Theory]
    [InlineData("""{"type":"input_audio","input_audio":{}}""", "messages[0].content[0]")]
    [InlineData("""{"type":"image_url","image_url":{"url":"gs://x"}}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"type":"image_url"}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"type":"file","file":{"file_id":"file-1"}}""", "messages[0].content[0].file.file_data")]
    [InlineData("""{"type":"file","file":{"file_data":"data:text/plain;base64,!!"}}""", "messages[0].content[0].file.file_data")]
    [InlineData("""{"type":"text","text":5}""", "messages[0].content[0].text")]
    [InlineData(""" "word" """, "messages[0].content[0]")]
    [InlineData("""{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":"2h"}}""", "messages[0].content[0].cache_control.ttl")]
    [InlineData("""{"type":"text","text":"x","cache_control":{"type":"permanent"}}""", "messages[0].content[0].cache_control")]
    [InlineData("""{"type":"text","text":"x","cache_control":true}""", "messages[0].content[0].cache_control")]
    public void Translate_PartWithoutCounterpart_NamesThePath(string part, string path)
        => Translation.Refused($$$$"""{"model":"m","messages":[{"role":"user","content":[{{{{part}}}}]}]}""").Param.ShouldBe(path);

    [Theory]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"logprobs\":true", "logprobs")]
    [InlineData("\"functions\":[]", "functions")]
    [InlineData("\"modalities\":[\"text\",\"audio\"]", "modalities")]
    [InlineData("\"max_tokens\":\"many\"", "max_tokens")]
    [InlineData("\"reasoning_effort\":\"huge\"", "reasoning_effort")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\"}", "response_format")]
    [InlineData("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"x\"}}]", "tools[0]")]
    [InlineData("\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":7}", "cache_control.ttl")]
    public void Translate_ParameterWithoutCounterpart_NamesIt(string member, string path)
        => Translation.Refused($$$$"""{"model":"m","messages":{{{{Hi}}}},{{{{member}}}}}""").Param.ShouldBe(path);

    [Theory]
    [InlineData("""[{"role":"system","content":"only"}]""", "messages")]
    [InlineData("""[{"role":"user","content":" "}]""", "messages")]
    [InlineData("""[{"role":"narrator","content":"x"}]""", "messages[0].role")]
    [InlineData("""[{"role":"user","content":5}]""", "messages[0].content")]
    [InlineData("""[{"role":"tool","content":"x"}]""", "messages[0].tool_call_id")]
    [InlineData("""[{"role":"assistant","tool_calls":[{"id":1}]}]""", "messages[0].tool_calls[0]")]
    [InlineData("""["x"]""", "messages[0]")]
    public void Translate_BadMessage_NamesThePath(string messages, string path)
        => Translation.Refused($$$$"""{"model":"m","messages":{{{{messages}}}}}""").Param.ShouldBe(path);

    [Fact]
    public void Translate_SamplingAndTheRest_InAnthropicsTerms()
        => Translation.Request($$$$"""{"model":"m","messages":{{{{Hi}}}},"temperature":1.70,"top_p":0.5,"top_k":40,"stop":["a"," ","b"],"user":"u1","service_tier":"default","max_completion_tokens":7,"max_tokens":8,"seed":1,"frequency_penalty":1,"n":1,"cache_control":{"type":"ephemeral","ttl":300}}""")
            .ShouldEndWith(""","max_tokens":7,"temperature":1,"top_k":40,"stop_sequences":["a","b"],"metadata":{"user_id":"u1"},"service_tier":"standard_only","cache_control":{"type":"ephemeral","ttl":"5m"}}""");

    [Fact]
    public void Translate_TemperatureInRange_KeepsItsSpelling()
        => Translation.Request($$$$"""{"model":"m","messages":{{{{Hi}}}},"temperature":0.70,"stop":"END"}""").ShouldEndWith(""","temperature":0.70,"stop_sequences":["END"]}""");

    [Fact]
    public void Translate_ModelWithoutSampling_LeavesItOut()
        => Translation.Request($$$$"""{"model":"m","messages":{{{{Hi}}}},"temperature":0.7,"top_p":0.9,"top_k":1}""", "claude-opus-4-8").ShouldEndWith("""}],"max_tokens":128000}""");

    [Fact]
    public void Translate_DateBehindAnAtSign_BehindADash()
        => Translation.Request($$$$"""{"model":"m","messages":{{{{Hi}}}}}""", "claude-sonnet-4-5@20250929").ShouldStartWith("""{"model":"claude-sonnet-4-5-20250929",""");

    [Theory]
    [InlineData("claude-sonnet-4-5", """ "max_tokens":64000,"output_config":{"format":{"type":"json_schema","schema":{"b":1,"a":2}}}} """)]
    [InlineData("claude-opus-5-5", """ "max_tokens":128000,"output_config":{"format":{"type":"json_schema","schema":{"b":1,"a":2}}}} """)]
    public void Translate_JsonSchema_IsTheOutputFormat(string model, string tail)
        => Translation.Request($$$$$"""{"model":"m","messages":{{{{{Hi}}}}},"response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"b":1,"a":2}}}}""", model)
            .ShouldEndWith(tail.Trim());

    [Fact]
    public void Translate_JsonSchemaForAnOldModel_IsAnInstruction()
        => Translation.Request($$$$$"""{"model":"m","messages":{{{{{Hi}}}}},"max_tokens":9,"response_format":{"type":"json_schema","json_schema":{"schema":{"b":1}}}}""", "claude-sonnet-4-20250514")
            .ShouldBe("""{"model":"claude-sonnet-4-20250514","system":[{"type":"text","text":"Answer with one JSON value that satisfies this JSON schema and with nothing else: no prose, no code fence.\n{\"b\":1}"}],"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],"max_tokens":9}""");

    [Fact]
    public void Translate_JsonObject_IsAnInstructionBehindTheSystemPrompt()
        => Translation.Request("""{"model":"m","messages":[{"role":"system","content":"S"},{"role":"user","content":"hi"}],"max_tokens":9,"response_format":{"type":"json_object"}}""")
            .ShouldBe("""{"model":"claude-sonnet-4-5","system":[{"type":"text","text":"S"},{"type":"text","text":"Answer with one JSON object and nothing else: no prose, no code fence."}],"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],"max_tokens":9}""");

    [Theory]
    [InlineData("claude-opus-4-8", "system", "Now German.")]
    [InlineData("claude-sonnet-4-5", "user", "<system>\\nNow German.\\n</system>")]
    public void Translate_LaterSystemMessage_AsTheModelTakesIt(string model, string role, string text)
        => Translation.Messages("""[{"role":"user","content":"a"},{"role":"system","content":"Now German."},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]""", model)
            .ShouldBe($$$$"""
            "messages":[{"role":"user","content":[{"type":"text","text":"a"}]},{"role":"{{{{role}}}}","content":[{"type":"text","text":"{{{{text}}}}"}]},{"role":"assistant","content":[{"type":"text","text":"b"}]},{"role":"user","content":[{"type":"text","text":"c"}]}]
            """.Trim());

    [Fact]
    public void Translate_LaterSystemMessageWhereItMayNotStand_AUsers()
        => Translation.Messages("""[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"system","content":"S"},{"role":"developer","content":[{"type":"text","text":"T"}]},{"role":"user","content":"c"}]""", "claude-opus-4-8")
            .ShouldContain("""{"role":"user","content":[{"type":"text","text":"<system>\nS\n</system>"}]},{"role":"user","content":[{"type":"text","text":"<system>\nT\n</system>"}]}""");

    [Fact]
    public void Translate_EmptyAnswerBehindASystemMessage_StaysAnAnswer()
        => Translation.Messages("""[{"role":"user","content":"a"},{"role":"system","content":"S"},{"role":"assistant","content":""},{"role":"user","content":"c"}]""", "claude-opus-4-8")
            .ShouldContain("""{"role":"system","content":[{"type":"text","text":"S"}]},{"role":"assistant","content":[{"type":"text","text":"(no content)"}]},{"role":"user",""");

    [Theory]
    [InlineData("\"not json\"", """{"arguments":"not json"}""")]
    [InlineData("\"[1]\"", """{"arguments":"[1]"}""")]
    [InlineData("\" \"", "{}")]
    [InlineData("null", "{}")]
    [InlineData("{\"a\":1}", """{"a":1}""")]
    [InlineData("\"{\\\"a\\\":\\\"\\\\ud83d\\\"}\"", "{\"a\":\"\\ud83d\"}")]
    [InlineData("\" {\\\"k\\\": 1e2, \\\"k\\\": \\\"\\u00e4\\\"} \"", "{\"k\": 1e2, \"k\": \"ä\"}")]
    public void Translate_Arguments_BecomeTheInput(string arguments, string input)
        => Translation.Messages($$$$"""[{"role":"assistant","tool_calls":[{"id":"functions.f:0","type":"function","function":{"name":"f","arguments":{{{{arguments}}}}}}]}]""")
            .ShouldBe("\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"functions_f_0\",\"name\":\"f\",\"input\":" + input + "}]}]");

    private static string Member(string name, string? value) => value is null ? "" : $",\"{name}\":{value}";
}
