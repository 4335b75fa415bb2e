namespace PromptCache.Providers.Tests.Gemini;

/// <summary>Golden pairs, written by hand from Google's documentation.</summary>
public class GeminiRequestTranslatorTests
{
    private const string Hi = """[{"role":"user","content":"hi"}]""";

    private const string HiParts = """{"contents":[{"role":"user","parts":[{"text":"hi"}]}],"generationConfig":""";

    [Fact]
    public void Translate_PlainChat_InstructionAndContents()
        => GeminiTranslation.Request("""{"model":"m","messages":[{"role":"system","content":"Be \u00fcber kind."},{"role":"developer","content":[{"type":"text","text":"And brief.","cache_control":{"type":"ephemeral"}}]},{"role":"user","content":"hi\n"},{"role":"assistant","content":"Hello 🙂"},{"role":"user","content":[{"type":"text","text":"bye"},{"type":"text","text":""}]}],"stream":true,"user":"u","logit_bias":{},"store":true}""")
            .ShouldBe("""{"systemInstruction":{"parts":[{"text":"Be \u00fcber kind."},{"text":"And brief."}]},"contents":[{"role":"user","parts":[{"text":"hi\n"}]},{"role":"model","parts":[{"text":"Hello 🙂"}]},{"role":"user","parts":[{"text":"bye"}]}],"generationConfig":{}}""");

    [Fact]
    public void Translate_ParallelToolCalls_OneContentOfResultsWithNames()
        => GeminiTranslation.Contents("""
            [{"role":"user","content":"weather?"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"w","arguments":"{\"city\": \"Ulm\",\n \"n\": 1.0}"}},{"id":"call_2","type":"function","function":{"name":"v","arguments":""}}]},
             {"role":"tool","tool_call_id":"call_2","content":"sunny"},
             {"role":"tool","tool_call_id":"call_1","content":[{"type":"text","text":"{\"t\": 1.50}"}]},
             {"role":"user","content":"and?"}]
            """)
            .ShouldBe("\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"weather?\"}]},"
                + "{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"id\":\"call_1\",\"name\":\"w\",\"args\":{\"city\": \"Ulm\",\n \"n\": 1.0}}},{\"functionCall\":{\"id\":\"call_2\",\"name\":\"v\",\"args\":{}}}]},"
                + "{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"id\":\"call_2\",\"name\":\"v\",\"response\":{\"output\":\"sunny\"}}},{\"functionResponse\":{\"id\":\"call_1\",\"name\":\"w\",\"response\":{\"t\": 1.50}}}]},"
                + "{\"role\":\"user\",\"parts\":[{\"text\":\"and?\"}]}]");

    [Fact]
    public void Translate_FailedTool_IsAnError()
        => GeminiTranslation.Contents("""[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","is_error":true,"content":"{\"x\":1}"}]""")
            .ShouldEndWith(""" "response":{"error":"{\"x\":1}"}}}]}]""".Trim());

    [Theory]
    [InlineData("gemini-2.5-flash", """{"functionResponse":{"id":"a","name":"f","response":{"output":"see"}}},{"inlineData":{"mimeType":"image/png","data":"QQ=="}}""")]
    [InlineData("gemini-3-pro-preview", """{"functionResponse":{"id":"a","name":"f","response":{"output":"see"},"parts":[{"inlineData":{"mimeType":"image/png","data":"QQ=="}}]}}""")]
    public void Translate_ImageInAResult_WhereTheModelTakesIt(string model, string parts)
        => GeminiTranslation.Contents("""[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"data:image/png;base64,QQ=="}}]}]""", model)
            .ShouldEndWith($$$$"""{"role":"user","parts":[{{{{parts}}}}]}]""");

    [Fact]
    public void Translate_LaterSystem_IsAUsersContentThatSaysSo()
        => GeminiTranslation.Contents("""[{"role":"user","content":"a"},{"role":"system","content":"b"},{"role":"user","content":"c"}]""")
            .ShouldBe(""" "contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"user","parts":[{"text":"<system>\nb\n</system>"}]},{"role":"user","parts":[{"text":"c"}]}]""".Trim());

    [Fact]
    public void Translate_Tools_SchemaVerbatim()
        => GeminiTranslation.Request("""
            {"model":"m","messages":[{"role":"user","content":"hi"}],"tool_choice":"required","parallel_tool_calls":false,"tools":[
              {"type":"function","function":{"description":"d","name":"a","parameters":{"type": "object",  "properties":{"z":{"type":"number","minimum":1.50}},"additionalProperties":false},"strict":true}},
              {"type":"function","function":{"name":"b","parameters":{}},"cache_control":{"type":"ephemeral"}},
              {"googleSearch":{}}]}
            """)
            .ShouldBe("""
            {"tools":[{"functionDeclarations":[{"name":"a","description":"d","parametersJsonSchema":{"type": "object",  "properties":{"z":{"type":"number","minimum":1.50}},"additionalProperties":false}},{"name":"b"}]},{"googleSearch":{}}],"contents":[{"role":"user","parts":[{"text":"hi"}]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY"}},"generationConfig":{}}
            """.Trim());

    [Theory]
    [InlineData("\"auto\"", """{"mode":"AUTO"}""")]
    [InlineData("\"none\"", """{"mode":"NONE"}""")]
    [InlineData("""{"type":"function","function":{"name":"f"}}""", """{"mode":"ANY","allowedFunctionNames":["f"]}""")]
    [InlineData("""{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"f"}}]}}""", """{"mode":"VALIDATED","allowedFunctionNames":["f"]}""")]
    public void Translate_ToolChoice_InGeminisWords(string choice, string expected)
        => GeminiTranslation.Request($$$$"""{"model":"m","messages":{{{{Hi}}}},"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{{{{choice}}}}}""")
            .ShouldContain($$$$"""{"functionCallingConfig":{{{{expected}}}}}""");

    [Fact]
    public void Translate_ToolChoiceWithoutTools_LeftOut()
        => GeminiTranslation.Request($$$$"""{"model":"m","messages":{{{{Hi}}}},"tool_choice":"none"}""").ShouldNotContain("toolConfig");

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image/jpg;base64,QUJD"}}""", """{"inlineData":{"mimeType":"image/jpeg","data":"QUJD"}}""")]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image\/png;base64,QU\/D","detail":"high"}}""", """{"inlineData":{"mimeType":"image/png","data":"QU/D"}}""")]
    [InlineData("""{"type":"image_url","image_url":"https://x/a.PNG?s=1"}""", """{"fileData":{"mimeType":"image/png","fileUri":"https://x/a.PNG?s=1"}}""")]
    [InlineData("""{"type":"image_url","image_url":{"url":"gs://b/o"}}""", """{"fileData":{"fileUri":"gs://b/o"}}""")]
    [InlineData("""{"type":"video_url","video_url":{"url":"https://x/v.mp4"}}""", """{"fileData":{"mimeType":"video/mp4","fileUri":"https://x/v.mp4"}}""")]
    [InlineData("""{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0="}}""", """{"inlineData":{"mimeType":"application/pdf","data":"JVBERi0="}}""")]
    [InlineData("""{"type":"file","file":{"file_data":"JVBERi0="}}""", """{"inlineData":{"mimeType":"application/pdf","data":"JVBERi0="}}""")]
    [InlineData("""{"type":"file","file":{"file_id":"https://generativelanguage.googleapis.com/v1beta/files/abc"}}""", """{"fileData":{"fileUri":"https://generativelanguage.googleapis.com/v1beta/files/abc"}}""")]
    [InlineData("""{"type":"input_audio","input_audio":{"data":"QQ==","format":"mp3"}}""", """{"inlineData":{"mimeType":"audio/mp3","data":"QQ=="}}""")]
    [InlineData("""{"type":"refusal","refusal":"no"}""", """{"text":"no"}""")]
    public void Translate_Part_AsAPart(string part, string expected)
        => GeminiTranslation.Contents($$$$"""[{"role":"user","content":[{{{{part}}}}]}]""").ShouldBe($$$$""" "contents":[{"role":"user","parts":[{{{{expected}}}}]}]""".Trim());

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"ftp://x"}}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"type":"file","file":{"file_id":"file-1"}}""", "messages[0].content[0].file.file_data")]
    [InlineData("""{"type":"input_audio","input_audio":{"data":"QQ=="}}""", "messages[0].content[0].input_audio")]
    [InlineData("""{"type":"some_new_part"}""", "messages[0].content[0].type")]
    public void Translate_PartWithoutCounterpart_NamesThePath(string part, string path)
        => GeminiTranslation.Refused($$$$"""{"model":"m","messages":[{"role":"user","content":[{{{{part}}}}]}]}""").Param.ShouldBe(path);

    [Theory]
    [InlineData("\"n\":0", "n")]
    [InlineData("\"top_logprobs\":21", "top_logprobs")]
    [InlineData("\"top_logprobs\":\"5\"", "top_logprobs")]
    [InlineData("\"functions\":[]", "functions")]
    [InlineData("\"modalities\":[\"text\",\"audio\"]", "modalities")]
    [InlineData("\"max_tokens\":\"many\"", "max_tokens")]
    [InlineData("\"temperature\":\"hot\"", "temperature")]
    [InlineData("\"reasoning_effort\":\"huge\"", "reasoning_effort")]
    [InlineData("\"reasoning\":{\"max_tokens\":-1}", "reasoning.max_tokens")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\"}", "response_format")]
    [InlineData("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"x\"}}]", "tools[0]")]
    public void Translate_ParameterWithoutCounterpart_NamesIt(string member, string path)
        => GeminiTranslation.Refused($$$$"""{"model":"m","messages":{{{{Hi}}}},{{{{member}}}}}""").Param.ShouldBe(path);

    [Theory]
    [InlineData("""[{"role":"system","content":"only"}]""", "messages")]
    [InlineData("""[{"role":"narrator","content":"x"}]""", "messages[0].role")]
    [InlineData("""[{"role":"user","content":"q"},{"role":"tool","tool_call_id":"t","content":"x"}]""", "messages[1].tool_call_id")]
    [InlineData("""[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a"}]}]""", "messages[1].tool_calls[0]")]
    public void Translate_InvalidMessage_NamesThePath(string messages, string path)
        => GeminiTranslation.Refused($$$$"""{"model":"m","messages":{{{{messages}}}}}""").Param.ShouldBe(path);

    [Theory]
    [InlineData("\"max_tokens\":5,\"max_completion_tokens\":7", """{"maxOutputTokens":7}""")]
    [InlineData("\"temperature\":1.0,\"top_p\":0.90,\"top_k\":40,\"seed\":7,\"presence_penalty\":0.1,\"frequency_penalty\":-0.1", """{"temperature":1.0,"topP":0.90,"topK":40,"seed":7,"presencePenalty":0.1,"frequencyPenalty":-0.1}""")]
    [InlineData("\"n\":2,\"stop\":[\"a\",\"\\n\"]", """{"candidateCount":2,"stopSequences":["a","\n"]}""")]
    [InlineData("\"logprobs\":true,\"top_logprobs\":5", """{"responseLogprobs":true,"logprobs":5}""")]
    [InlineData("\"logprobs\":true,\"top_logprobs\":0", """{"responseLogprobs":true}""")]
    [InlineData("\"logprobs\":false,\"top_logprobs\":5", "{}")]
    [InlineData("\"stop\":\"a\",\"n\":1", """{"stopSequences":["a"]}""")]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}", """{"responseMimeType":"application/json"}""")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"strict\":true,\"schema\":{\"type\": \"object\"}}}", """{"responseMimeType":"application/json","responseJsonSchema":{"type": "object"}}""")]
    [InlineData("\"modalities\":[\"text\",\"image\"]", """{"responseModalities":["TEXT","IMAGE"]}""")]
    public void Translate_Parameters_AsGenerationConfig(string members, string expected)
        => GeminiTranslation.Request($$$$"""{"model":"m","messages":{{{{Hi}}}},{{{{members}}}}}""").ShouldBe(HiParts + expected + "}");

    [Theory]
    [InlineData("gemini-2.5-flash", "\"reasoning_effort\":\"none\"", """{"thinkingConfig":{"thinkingBudget":0}}""")]
    [InlineData("gemini-2.5-flash", "\"reasoning\":{\"effort\":\"none\"}", """{"thinkingConfig":{"thinkingBudget":0}}""")]
    [InlineData("google/gemini-2.5-flash-lite", "\"reasoning\":{\"max_tokens\":100}", """{"thinkingConfig":{"thinkingBudget":512,"includeThoughts":true}}""")]
    [InlineData("gemini-2.5-pro", "\"reasoning_effort\":\"none\"", """{"thinkingConfig":{"thinkingBudget":128}}""")]
    [InlineData("gemini-2.5-pro", "\"reasoning_effort\":\"max\"", """{"thinkingConfig":{"thinkingBudget":32768,"includeThoughts":true}}""")]
    [InlineData("gemini-2.5-pro", "\"reasoning\":{\"enabled\":true,\"exclude\":true}", """{"thinkingConfig":{"thinkingBudget":-1}}""")]
    [InlineData("gemini-3.5-flash", "\"reasoning_effort\":\"none\"", """{"thinkingConfig":{"thinkingLevel":"minimal"}}""")]
    [InlineData("gemini-3-pro-preview", "\"reasoning_effort\":\"medium\"", """{"thinkingConfig":{"thinkingLevel":"high","includeThoughts":true}}""")]
    [InlineData("gemini-3.1-pro-preview", "\"reasoning_effort\":\"medium\"", """{"thinkingConfig":{"thinkingLevel":"medium","includeThoughts":true}}""")]
    [InlineData("gemini-3.8-flash", "\"reasoning\":{\"max_tokens\":500}", """{"thinkingConfig":{"thinkingLevel":"low","includeThoughts":true}}""")]
    [InlineData("gemini-3.8-flash", "\"reasoning\":{\"enabled\":true}", """{"thinkingConfig":{"includeThoughts":true}}""")]
    [InlineData("gemini-2.0-flash", "\"reasoning_effort\":\"high\"", "{}")]
    public void Translate_Reasoning_ByTheModelsFamily(string model, string member, string expected)
        => GeminiTranslation.Request($$$$"""{"model":"m","messages":{{{{Hi}}}},{{{{member}}}}}""", model).ShouldBe(HiParts + expected + "}");

    [Theory]
    [InlineData("""{"id":"a","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"S+\/1"}}}""", "", "S+\\/1")]
    [InlineData("""{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}""", """ "reasoning_details":[{"type":"reasoning.encrypted","data":"T","id":"a","format":"google-gemini-v1","index":0}],""", "T")]
    [InlineData("""{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}""", """ "reasoning_details":[{"type":"reasoning.encrypted","data":"T","id":"a","format":"anthropic-claude-v1","index":0}],""", "skip_thought_signature_validator")]
    public void Translate_SignatureOnACall_GoesBackAsItCame(string call, string details, string expected)
        => GeminiTranslation.Contents($$$$"""[{"role":"user","content":"q"},{"role":"assistant",{{{{details}}}}"tool_calls":[{{{{call}}}},{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]}]""", "gemini-3-pro-preview")
            .ShouldEndWith($$$$"""{"functionCall":{"id":"a","name":"f","args":{}},"thoughtSignature":"{{{{expected}}}}"},{"functionCall":{"id":"b","name":"g","args":{}}}]}]""");

    [Theory]
    [InlineData("\"hello\"", """{"text":"hello","thoughtSignature":"U"}""")]
    [InlineData("null", """{"text":"","thoughtSignature":"U"}""")]
    public void Translate_SignatureOnText_GoesBackAsItCame(string content, string expected)
        => GeminiTranslation.Contents($$$$"""[{"role":"user","content":"q"},{"role":"assistant","reasoning_content":"hm","reasoning_details":[{"type":"reasoning.encrypted","data":"U","format":"google-gemini-v1","index":0}],"content":{{{{content}}}}}]""")
            .ShouldEndWith($$$$"""{"role":"model","parts":[{{{{expected}}}}]}]""");

    [Theory]
    [InlineData("gemini-2.5-flash", false, "/v1beta/models/gemini-2.5-flash:generateContent")]
    [InlineData("google/gemini-2.5-flash", true, "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse")]
    [InlineData("models/gemini-2.5-flash", false, "/v1beta/models/gemini-2.5-flash:generateContent")]
    [InlineData("tunedModels/mine", false, "/v1beta/tunedModels/mine:generateContent")]
    [InlineData("../x?key=1#", false, "/v1beta/models/..%2Fx%3Fkey%3D1%23:generateContent")]
    public void PathFor_Model_StaysInItsPlace(string model, bool stream, string expected)
        => new PromptCache.Providers.Gemini.GeminiProtocol().PathFor(model, stream).ShouldBe(expected);
}
