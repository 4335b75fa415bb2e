using System.Buffers;
using System.Text;

namespace PromptCache.Providers.Tests.Gemini;

public class GeminiResponseTranslatorTests
{
    private const string Head = """data: {"id":"resp1","object":"chat.completion.chunk","created":1700000000,"model":"gemini","choices":[""";

    private const string Role = Head + """{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""" + "\n\n";

    [Fact]
    public void TranslateBody_ThoughtsTextAndCalls_Completion()
        => GeminiTranslation.Body("""
            {"candidates":[{"content":{"parts":[{"text":"Let me\n","thought":true},{"text":"Look "},{"text":"here.","thoughtSignature":"T1"},{"functionCall":{"name":"w","args":{"city": "Ulm"}},"thoughtSignature":"S1"},{"functionCall":{"id":"own","name":"v","args":{}}}],"role":"model"},"finishReason":"STOP","index":0,"safetyRatings":[]}],
             "usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":80,"candidatesTokenCount":20,"thoughtsTokenCount":5,"toolUsePromptTokenCount":7,"totalTokenCount":132,"promptTokensDetails":[{"modality":"TEXT","tokenCount":90},{"modality":"AUDIO","tokenCount":10}]},"modelVersion":"gemini-2.5-flash","responseId":"resp1"}
            """)
            .ShouldBe("""{"id":"resp1","object":"chat.completion","created":1700000000,"model":"gemini","choices":[{"index":0,"message":{"role":"assistant","content":"Look here.","refusal":null,"reasoning_content":"Let me\n","reasoning_details":[{"type":"reasoning.encrypted","data":"T1","format":"google-gemini-v1","index":0},{"type":"reasoning.encrypted","data":"S1","id":"ID0","format":"google-gemini-v1","index":1}],"tool_calls":[{"id":"ID0","type":"function","function":{"name":"w","arguments":"{\"city\": \"Ulm\"}"},"extra_content":{"google":{"thought_signature":"S1"}}},{"id":"own","type":"function","function":{"name":"v","arguments":"{}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":107,"completion_tokens":25,"total_tokens":132,"prompt_tokens_details":{"cached_tokens":80,"audio_tokens":10},"completion_tokens_details":{"reasoning_tokens":5}}}"""
                .Replace("ID0", "call_" + Stem + "_0", StringComparison.Ordinal));

    [Fact]
    public void TranslateBody_NothingCached_SaysSo()
        => GeminiTranslation.Body("""{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"totalTokenCount":3}}""")
            .ShouldEndWith(""" "usage":{"prompt_tokens":3,"completion_tokens":0,"total_tokens":3,"prompt_tokens_details":{"cached_tokens":0}}}""".Trim());

    [Fact]
    public void TranslateBody_SeveralCandidates_SeveralChoices()
    {
        var text = GeminiTranslation.Body("""{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"},{"content":{"parts":[{"text":"b"}]},"finishReason":"MAX_TOKENS","index":1}]}""");

        text.ShouldContain("""{"index":0,"message":{"role":"assistant","content":"a","refusal":null},"finish_reason":"stop"},{"index":1,"message":{"role":"assistant","content":"b","refusal":null},"finish_reason":"length"}""");
    }

    [Fact]
    public void TranslateBody_Image_AsADataUrl()
        => GeminiTranslation.Body("""{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"QQ=="}}]},"finishReason":"STOP"}]}""")
            .ShouldContain(""" "content":null,"refusal":null,"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,QQ=="}}]""".Trim());

    [Fact]
    public void TranslateBody_PromptBlocked_ContentFilter()
        => GeminiTranslation.Body("""{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":4,"totalTokenCount":4}}""")
            .ShouldContain("""{"index":0,"message":{"role":"assistant","content":null,"refusal":"The provider blocked the prompt: SAFETY"},"finish_reason":"content_filter"}],"usage":{"prompt_tokens":4,""");

    [Theory]
    [InlineData("STOP", "stop")]
    [InlineData("MAX_TOKENS", "length")]
    [InlineData("SAFETY", "content_filter")]
    [InlineData("RECITATION", "content_filter")]
    [InlineData("BLOCKLIST", "content_filter")]
    [InlineData("PROHIBITED_CONTENT", "content_filter")]
    [InlineData("SPII", "content_filter")]
    [InlineData("IMAGE_SAFETY", "content_filter")]
    [InlineData("MALFORMED_FUNCTION_CALL", "stop")]
    [InlineData("SOME_NEW_REASON", "stop")]
    public void TranslateBody_FinishReason_InOpenAIsWords(string reason, string expected)
        => GeminiTranslation.Body($$$$"""{"candidates":[{"finishReason":"{{{{reason}}}}"}]}""").ShouldContain($"\"finish_reason\":\"{expected}\"");

    [Fact]
    public void TranslateBody_NotAnAnswer_PassesAsItIs() => GeminiTranslation.Body("<html>").ShouldBe("<html>");

    [Fact]
    public void TranslateEvent_Stream_UsageOnceAtTheEnd()
        => GeminiTranslation.Stream(
            """{"candidates":[{"content":{"parts":[{"text":"hm","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":10,"totalTokenCount":12,"thoughtsTokenCount":2},"responseId":"resp1"}""",
            """{"candidates":[{"content":{"parts":[{"text":"Hel\nlo"}]},"index":0}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":1,"totalTokenCount":13,"thoughtsTokenCount":2},"responseId":"resp1"}""",
            """{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"T"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":10,"cachedContentTokenCount":8,"candidatesTokenCount":3,"totalTokenCount":15,"thoughtsTokenCount":2},"responseId":"resp1"}""")
            .ShouldBe(Role
                + Head + """{"index":0,"delta":{"reasoning_content":"hm"},"finish_reason":null}]}""" + "\n\n"
                + Head + """{"index":0,"delta":{"content":"Hel\nlo"},"finish_reason":null}]}""" + "\n\n"
                + Head + """{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.encrypted","data":"T","format":"google-gemini-v1","index":0}]},"finish_reason":null}]}""" + "\n\n"
                + Head + """{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n"
                + Head + """],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":2}}}""" + "\n\n"
                + "data: [DONE]\n\n");

    [Fact]
    public void TranslateEvent_Calls_WholeWithTheirSignature()
    {
        var text = GeminiTranslation.Stream(
            """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"w","args":{"a":1}},"thoughtSignature":"S"},{"functionCall":{"name":"w","args":{"a":2}}}]},"finishReason":"STOP"}],"responseId":"resp1"}""");

        text.ShouldContain($$$$"""{"tool_calls":[{"index":0,"id":"call_{{{{Stem}}}}_0","type":"function","function":{"name":"w","arguments":"{\"a\":1}"},"extra_content":{"google":{"thought_signature":"S"}}}]}""");
        text.ShouldContain($$$$"""{"tool_calls":[{"index":1,"id":"call_{{{{Stem}}}}_1","type":"function","function":{"name":"w","arguments":"{\"a\":2}"}}]}""");
        text.ShouldContain($$$$"""{"type":"reasoning.encrypted","data":"S","id":"call_{{{{Stem}}}}_0","format":"google-gemini-v1","index":0}""");
        text.ShouldContain("\"finish_reason\":\"tool_calls\"");
    }

    [Fact]
    public void TranslateEvent_PromptBlocked_ContentFilter()
    {
        var text = GeminiTranslation.Stream("""{"promptFeedback":{"blockReason":"OTHER"},"usageMetadata":{"promptTokenCount":4},"responseId":"resp1"}""");

        text.ShouldContain("""{"refusal":"The provider blocked the prompt: OTHER"}""");
        text.ShouldContain("\"finish_reason\":\"content_filter\"");
        text.ShouldEndWith("data: [DONE]\n\n");
    }

    private const string Logprobs = """ "logprobsResult":{"topCandidates":[{"candidates":[{"token":"é","logProbability":-0.25},{"token":"a","logProbability":-1.50}]},{"candidates":[]}],"chosenCandidates":[{"token":"é","tokenId":7,"logProbability":-0.25},{"token":"\n"}]}""";

    private const string Logged = """ "logprobs":{"content":[{"token":"é","logprob":-0.25,"bytes":[195,169],"top_logprobs":[{"token":"é","logprob":-0.25,"bytes":[195,169]},{"token":"a","logprob":-1.50,"bytes":[97]}]},{"token":"\n","logprob":0,"bytes":[10],"top_logprobs":[]}],"refusal":null}""";

    [Fact]
    public void TranslateBody_Logprobs_InOpenAIsShape()
        => GeminiTranslation.Body($$$$"""{"candidates":[{"content":{"parts":[{"text":"é\n"}]},"finishReason":"STOP","avgLogprobs":-0.1,{{{{Logprobs}}}}}]}""")
            .ShouldContain($$$$""" "refusal":null},{{{{Logged.Trim()}}}},"finish_reason":"stop"}""".Trim());

    [Fact]
    public void TranslateEvent_Logprobs_BehindTheTextThatTheyAreFor()
        => GeminiTranslation.Stream($$$$"""{"candidates":[{"content":{"parts":[{"text":"é\n"}]},{{{{Logprobs}}}}}],"responseId":"resp1"}""")
            .ShouldBe(Role + Head + """{"index":0,"delta":{"content":"é\n"},"finish_reason":null}]}""" + "\n\n" + Head + $$$$"""{"index":0,"delta":{},{{{{Logged.Trim()}}}},"finish_reason":null}]}""" + "\n\n");

    // Gemini answers so at times, with nothing but the bill.
    [Fact]
    public void TranslateBody_NoCandidates_IsAChoiceWithoutAnAnswer()
        => GeminiTranslation.Body("""{"usageMetadata":{"promptTokenCount":9,"thoughtsTokenCount":5,"totalTokenCount":14},"modelVersion":"gemini-2.5-flash","responseId":"resp1"}""")
            .ShouldContain("""{"index":0,"message":{"role":"assistant","content":null,"refusal":"The provider gave no answer."},"finish_reason":"content_filter"}],"usage":{"prompt_tokens":9,"completion_tokens":5,""");

    [Theory]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":4,"cachedContentTokenCount":2,"candidatesTokenCount":1,"thoughtsTokenCount":6},"responseId":"resp1"}""")]
    [InlineData("""{"usageMetadata":{"promptTokenCount":4,"cachedContentTokenCount":2,"candidatesTokenCount":1,"thoughtsTokenCount":6},"responseId":"resp1"}""")]
    public void Complete_StreamCut_TellsWhatWasCountedUntilThen(string data)
    {
        var text = GeminiTranslation.Stream(data);

        text.ShouldContain(""" "usage":{"prompt_tokens":4,"completion_tokens":7,"total_tokens":11,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":6}}""".Trim());
        text.ShouldNotContain("[DONE]");
    }

    [Fact]
    public void Complete_StreamCut_NoDone()
        => GeminiTranslation.Stream("""{"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":4},"responseId":"resp1"}""").ShouldNotContain("[DONE]");

    [Fact]
    public void TranslateEvent_Error_InOpenAIsShapeAndTheEnd()
        => GeminiTranslation.Stream("""{"error":{"code":503,"message":"Overloaded","status":"UNAVAILABLE"}}""", """{"candidates":[{"finishReason":"STOP"}]}""")
            .ShouldBe("""data: {"error":{"message":"Overloaded","type":"server_error","param":null,"code":"UNAVAILABLE","provider_error":{"error":{"code":503,"message":"Overloaded","status":"UNAVAILABLE"}}}}""" + "\n\n");

    [Theory]
    [InlineData(400, """{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT"}}""", """{"error":{"message":"m","type":"invalid_request_error","param":null,"code":"INVALID_ARGUMENT","provider_error":{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT"}}}}""")]
    [InlineData(429, """[{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}]""", """{"error":{"message":"m","type":"rate_limit_error","param":null,"code":"RESOURCE_EXHAUSTED","provider_error":[{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}]}}""")]
    [InlineData(403, """{"error":{"message":"m","status":"PERMISSION_DENIED"}}""", """{"error":{"message":"m","type":"permission_error","param":null,"code":"PERMISSION_DENIED","provider_error":{"error":{"message":"m","status":"PERMISSION_DENIED"}}}}""")]
    [InlineData(502, "<html>\"bad\"</html>", """{"error":{"message":"The provider answered with status 502.","type":"server_error","param":null,"code":null,"provider_error":"<html>\"bad\"</html>"}}""")]
    public void TranslateError_AnyBody_InOpenAIsShape(int status, string body, string expected)
    {
        var output = new ArrayBufferWriter<byte>();

        GeminiTranslation.Response().TranslateError(status, Encoding.UTF8.GetBytes(body), output);

        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe(expected);
    }

    // The calls of one response have one stem; it is no secret what it is made of.
    private static string Stem => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("req-1resp1"u8)[..9]);
}
