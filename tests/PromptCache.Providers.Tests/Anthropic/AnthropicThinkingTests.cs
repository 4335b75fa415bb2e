using System.Text.Json;

namespace PromptCache.Providers.Tests.Anthropic;

/// <summary>Asking for thinking, and sending it back.</summary>
public class AnthropicThinkingTests
{
    private const string Hi = """[{"role":"user","content":"hi"}]""";

    [Theory]
    // Budgets: Sonnet 4.5 and its contemporaries.
    [InlineData("claude-sonnet-4-5", "\"reasoning_effort\":\"high\"", """ "max_tokens":64000,"thinking":{"type":"enabled","budget_tokens":16384} """)]
    [InlineData("claude-sonnet-4-5", "\"reasoning_effort\":\"minimal\"", """ "max_tokens":64000,"thinking":{"type":"enabled","budget_tokens":1024} """)]
    [InlineData("claude-sonnet-4-5", "\"reasoning\":{\"max_tokens\":5000},\"max_tokens\":6000", """ "max_tokens":6000,"thinking":{"type":"enabled","budget_tokens":5000} """)]
    [InlineData("claude-sonnet-4-5", "\"reasoning\":{\"max_tokens\":5000},\"max_tokens\":4000", """ "max_tokens":4000,"thinking":{"type":"enabled","budget_tokens":3200} """)]
    [InlineData("claude-sonnet-4-5", "\"reasoning_effort\":\"high\",\"max_tokens\":1000", """ "max_tokens":1000 """)]
    [InlineData("claude-opus-4-1", "\"reasoning_effort\":\"xhigh\"", """ "max_tokens":32000,"thinking":{"type":"enabled","budget_tokens":25600} """)]
    [InlineData("claude-sonnet-4-5", "\"reasoning_effort\":\"none\"", """ "max_tokens":64000 """)]
    [InlineData("claude-sonnet-4-5", "\"reasoning_effort\":\"low\",\"temperature\":0.5", """ "max_tokens":64000,"thinking":{"type":"enabled","budget_tokens":2048} """)]
    [InlineData("claude-3-5-haiku-20241022", "\"reasoning_effort\":\"low\"", """ "max_tokens":8192 """)]
    // Efforts: from 4.6 on.
    [InlineData("claude-opus-4-6", "\"reasoning\":{\"effort\":\"xhigh\"}", """ "max_tokens":128000,"thinking":{"type":"adaptive"},"output_config":{"effort":"high"} """)]
    [InlineData("claude-opus-4.8", "\"reasoning\":{\"effort\":\"xhigh\"}", """ "max_tokens":128000,"thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"xhigh"} """)]
    [InlineData("claude-opus-4-8", "\"reasoning\":{\"enabled\":true,\"exclude\":true}", """ "max_tokens":128000,"thinking":{"type":"adaptive","display":"omitted"} """)]
    [InlineData("claude-opus-5", "\"reasoning\":{\"max_tokens\":4000}", """ "max_tokens":128000,"thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"medium"} """)]
    [InlineData("claude-sonnet-5", "\"reasoning\":{\"enabled\":false}", """ "max_tokens":128000,"thinking":{"type":"disabled"} """)]
    [InlineData("claude-sonnet-5-5", "\"reasoning_effort\":\"none\"", """ "max_tokens":128000,"thinking":{"type":"between_tools"} """)]
    [InlineData("claude-opus-5-5", "\"reasoning_effort\":\"none\"", """ "max_tokens":128000,"output_config":{"effort":"low"} """)]
    [InlineData("claude-fable-5-1", "\"reasoning_effort\":\"minimal\"", """ "max_tokens":128000,"thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"low"} """)]
    [InlineData("claude-opus-5-5", "\"user\":null", """ "max_tokens":128000 """)]
    // In Anthropic's own words.
    [InlineData("claude-opus-4-8", "\"thinking\":{\"type\": \"adaptive\"},\"output_config\":{\"effort\":\"max\",\"x\":1}", """ "max_tokens":128000,"thinking":{"type": "adaptive"},"output_config":{"effort":"max","x":1} """)]
    public void Translate_Reasoning_AsTheModelIsTold(string model, string member, string expected)
        => Translation.Request($$"""{"model":"m","messages":{{Hi}},{{member}}}""", model).ShouldEndWith("}],\"max_tokens\"" + expected.Trim()["\"max_tokens\"".Length..] + "}");

    [Theory]
    [InlineData("\"tool_choice\":\"required\"", Hi)]
    [InlineData("\"user\":null", """[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"r"}]""")]
    public void Translate_BudgetWhereThinkingCannotBegin_LeftOut(string member, string messages)
        => Translation.Request($$$"""{"model":"m","messages":{{{messages}}},{{{member}}},"reasoning_effort":"low","tools":[{"type":"function","function":{"name":"f"}}]}""").ShouldNotContain("thinking");

    // "Thinking may not be enabled when tool_choice forces tool use", however it is enabled; effort is no thinking.
    [Theory]
    [InlineData("claude-opus-4-8", "\"required\"", ""","output_config":{"effort":"low"},"tool_choice":{"type":"any"}}""")]
    [InlineData("claude-opus-5", """{"type":"function","function":{"name":"f"}}""", ""","output_config":{"effort":"low"},"tool_choice":{"type":"tool","name":"f"}}""")]
    [InlineData("claude-sonnet-4-5", """{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[]}}""", ""","tool_choice":{"type":"any"}}""")]
    [InlineData("claude-opus-4-8", """{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[]}}""", ""","thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"low"},"tool_choice":{"type":"auto"}}""")]
    public void Translate_ForcedTool_NeverWithThinking(string model, string choice, string expected)
        => Translation.Request($$$"""{"model":"m","messages":{{{Hi}}},"max_tokens":9000,"tool_choice":{{{choice}}},"reasoning_effort":"low","tools":[{"type":"function","function":{"name":"f"}}]}""", model)
            .ShouldEndWith("\"max_tokens\":9000" + expected);

    [Theory]
    [InlineData("claude-opus-5-5", true)]
    [InlineData("claude-sonnet-5-5-20261001", true)]
    [InlineData("anthropic/claude-fable-5.1", true)]
    [InlineData("claude-mythos-5-1", true)]
    [InlineData("claude-fable-5-20260609", false)]
    [InlineData("claude-fable-7", false)]
    [InlineData("claude-mythos-6", false)]
    [InlineData("claude-opus-5", false)]
    [InlineData("claude-haiku-5-5", false)]
    public void Translate_ForcedToolWhereTheModelRefusesIt_NamesTheField(string model, bool refuses)
    {
        foreach (var choice in (string[])["\"required\"", """{"type":"function","function":{"name":"f"}}""", """{"type":"any"}"""])
        {
            var error = Translation.Try($$$"""{"model":"m","messages":{{{Hi}}},"tool_choice":{{{choice}}},"tools":[{"type":"function","function":{"name":"f"}}]}""", model, out _);
            (error?.Param).ShouldBe(refuses ? "tool_choice" : null);
        }

        Translation.Try($$$"""{"model":"m","messages":{{{Hi}}},"tool_choice":"auto","tools":[{"type":"function","function":{"name":"f"}}]}""", model, out _).ShouldBeNull();
    }

    [Fact]
    public void Translate_ReasoningDetails_BackWhereTheyStood()
        => Translation.Messages("""
            [{"role":"user","content":"q"},{"role":"assistant","content":"text","reasoning_content":"ignored","reasoning_details":[
              {"type":"reasoning.text","text":"one \u00e4","signature":"S1==","format":"anthropic-claude-v1","index":0},
              {"type":"reasoning.encrypted","data":"R","format":"anthropic-claude-v1","index":2}],
             "tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]}]
            """)
            .ShouldContain("""
            {"role":"assistant","content":[{"type":"thinking","thinking":"one \u00e4","signature":"S1=="},{"type":"text","text":"text"},{"type":"redacted_thinking","data":"R"},{"type":"tool_use","id":"1","name":"f","input":{}}]}
            """.Trim());

    [Fact]
    public void Translate_ThinkingBlocks_VerbatimAndFirst()
        => Translation.Messages("""[{"role":"user","content":"q"},{"role":"assistant","content":"a","thinking_blocks":[{"type":"thinking","signature":"S","thinking":"t"}]}]""")
            .ShouldContain("""[{"type":"thinking","signature":"S","thinking":"t"},{"type":"text","text":"a"}]""");

    [Theory]
    [InlineData("""{"type":"reasoning.text","text":"t","signature":"S","format":"openai-responses-v1"}""")]
    [InlineData("""{"type":"reasoning.text","text":"t"}""")]
    [InlineData("""{"type":"reasoning.summary","summary":"t"}""")]
    [InlineData("5")]
    public void Translate_ReasoningWithoutAnthropicsSignature_LeftOut(string detail)
        => Translation.Messages($$"""[{"role":"user","content":"q"},{"role":"assistant","content":"a","reasoning_details":[{{detail}}]}]""")
            .ShouldContain("""{"role":"assistant","content":[{"type":"text","text":"a"}]}""");

    [Theory]
    [InlineData("""[{"type":"thinking","thinking":"a \u00e4\n\"q\" \/ 🙂","signature":"EqQB/+=="},{"type":"text","text":"so \u20ac"},{"type":"redacted_thinking","data":"ENC=="},{"type":"tool_use","id":"toolu_1","name":"f","input":{"z": 1.50, "a":[ "\u00fc" , null ]}},{"type":"tool_use","id":"toolu_2","name":"g","input":{}}]""")]
    [InlineData("""[{"type":"thinking","thinking":"","signature":"s"},{"type":"tool_use","id":"t","name":"f","input":{"q":"\\ \" \ud83d\ude00"}}]""")]
    [InlineData("""[{"type":"text","text":"only"}]""")]
    public void RoundTrip_ResponseSentBack_SameBytes(string content)
    {
        using var completion = JsonDocument.Parse(Translation.Body($$$"""{"id":"msg","type":"message","role":"assistant","content":{{{content}}},"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}"""));
        var message = completion.RootElement.GetProperty("choices")[0].GetProperty("message").GetRawText();

        var next = Translation.Messages($$"""[{"role":"user","content":"q"},{{message}}]""");

        next.ShouldContain($$"""{"role":"assistant","content":{{content}}}""");
    }
}
