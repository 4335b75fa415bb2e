using System.Text.Json;

namespace PromptCache.Providers.Tests.Anthropic;

/// <summary>A marker stays with what it marks, with its lifetime, and never stands where Anthropic refuses it.</summary>
public class AnthropicMarkerTests
{
    private const string Mark = ""","cache_control":{"type":"ephemeral","ttl":"1h"}""";

    [Theory]
    [InlineData("""{"role":"user","content":"a","cache_control":{"type":"ephemeral","ttl":"1h"}},{"role":"user","content":"b"}""", """{"type":"text","text":"a"#}]},{""")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}],"cache_control":{"type":"ephemeral","ttl":3600}}""", """{"type":"text","text":"a"},{"type":"text","text":"b"#}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":" ","cache_control":{"type":"ephemeral","ttl":3600}},{"type":"text","text":"b"}]}""", """{"type":"text","text":"a"#},{"type":"text","text":"b"}""")]
    [InlineData("""{"role":"assistant","content":"a","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"2","type":"function","function":{"name":"g","arguments":"{}"}}],"cache_control":{"type":"ephemeral","ttl":"1h"}}""", ""","name":"f","input":{}},{"type":"tool_use","id":"2","name":"g","input":{}#}]}""")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"1","type":"function","cache_control":{"type":"ephemeral","ttl":"1h"},"function":{"name":"f","arguments":"{}"}},{"id":"2","type":"function","function":{"name":"g","arguments":"{}"}}]}""", ""","name":"f","input":{}#},{"type":"tool_use","id":"2","name":"g","input":{}}]}""")]
    [InlineData("""{"role":"tool","tool_call_id":"1","content":[{"type":"text","text":"r","cache_control":{"type":"ephemeral","ttl":"1h"}}]},{"role":"tool","tool_call_id":"2","content":"s"}""", ""","tool_use_id":"1","content":[{"type":"text","text":"r"}]#},{"type":"tool_result","tool_use_id":"2","content":[{"type":"text","text":"s"}]}]}""")]
    [InlineData("""{"role":"tool","tool_call_id":"1","content":"","cache_control":{"type":"ephemeral","ttl":"1h"}}""", """{"type":"tool_result","tool_use_id":"1"#}""")]
    [InlineData("""{"role":"assistant","content":[{"type":"tool_use","id":"1","name":"f","input":{"a": 1},"cache_control":{"type":"ephemeral","ttl":"1h"}}]}""", """{"type":"tool_use","id":"1","name":"f","input":{"a": 1}#}""")]
    public void Translate_MarkedMessage_MarkedBlock(string messages, string expected)
    {
        var text = Translation.Messages($"[{messages}]");

        text.ShouldContain(expected.Replace("#", Mark));
        Count(text).ShouldBe(1);
    }

    [Fact]
    public void Translate_MarkOnThinking_Dropped()
        => Translation.Messages("""[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s","cache_control":{"type":"ephemeral"}},{"type":"text","text":"a"}]}]""")
            .ShouldContain("""[{"type":"thinking","thinking":"t","signature":"s"},{"type":"text","text":"a"}]""");

    [Fact]
    public void Translate_MarkOnEmptyMessage_Dropped()
        => Translation.Messages("""[{"role":"user","content":"q"},{"role":"user","content":"","cache_control":{"type":"ephemeral"}}]""")
            .ShouldBe("""
            "messages":[{"role":"user","content":[{"type":"text","text":"q"}]}]
            """.Trim());

    [Fact]
    public void Translate_MarkedSystemMessage_LastBlockOfThatMessage()
        => Translation.Messages("""[{"role":"system","content":"A","cache_control":{"type":"ephemeral"}},{"role":"system","content":"B"},{"role":"user","content":"q"}]""")
            .ShouldStartWith("""
            "system":[{"type":"text","text":"A","cache_control":{"type":"ephemeral"}},{"type":"text","text":"B"}],"messages"
            """.Trim());

    [Theory]
    [InlineData("\"5m\"", "\"5m\"")]
    [InlineData("\"1h\"", "\"1h\"")]
    [InlineData("300", "\"5m\"")]
    [InlineData("3600", "\"1h\"")]
    public void Translate_Lifetime_InAnthropicsSpelling(string ttl, string expected)
        => Translation.Messages($$$"""[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":{{{ttl}}}}}]}]""")
            .ShouldContain($$"""{"type":"ephemeral","ttl":{{expected}}}""");

    // The three examples of "Explicit caching" for Claude and the two code samples with several breakpoints, shortened only in their texts.
    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"system","content":[{"type":"text","text":"You are a historian"},{"type":"text","text":"HUGE TEXT BODY","cache_control":{"type":"ephemeral"}}]},{"role":"user","content":[{"type":"text","text":"What triggered the collapse?"}]}]}""", "system[1]")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"Given the book below:"},{"type":"text","text":"HUGE TEXT BODY","cache_control":{"type":"ephemeral"}},{"type":"text","text":"Name all the characters in the above book"}]}]}""", "messages[0].content[1]")]
    [InlineData("""{"model":"m","tools":[{"type":"function","function":{"name":"get_weather","description":"d","parameters":{"type":"object","properties":{"location":{"type":"string"}},"required":["location"]}}},{"type":"function","function":{"name":"get_time","description":"d","parameters":{"type":"object","properties":{"timezone":{"type":"string"}},"required":["timezone"]}},"cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"What's the current weather and time in Beijing?"}]}""", "tools[1]")]
    [InlineData("""{"model":"m","messages":[{"role":"system","content":[{"type":"text","text":"...long system prompt","cache_control":{"type":"ephemeral"}}]},{"role":"user","content":"Hello"},{"role":"assistant","content":"Of course!"},{"role":"user","content":[{"type":"text","text":"Great."},{"type":"text","text":"Tell me more about Mars.","cache_control":{"type":"ephemeral"}}]}]}""", "system[0] messages[2].content[1]")]
    [InlineData("""{"model":"m","tools":[{"type":"function","function":{"name":"search_documents","parameters":{"type":"object","properties":{"query":{"type":"string"}}}}},{"type":"function","function":{"name":"get_document","parameters":{"type":"object","properties":{"doc_id":{"type":"string"}}}},"cache_control":{"type":"ephemeral"}}],"messages":[{"role":"system","content":[{"type":"text","text":"You are a research assistant","cache_control":{"type":"ephemeral"}},{"type":"text","text":"# Knowledge Base Context","cache_control":{"type":"ephemeral"}}]},{"role":"user","content":"Can you search?"},{"role":"assistant","content":[{"type":"tool_use","id":"tool_1","name":"search_documents","input":{"query":"Mars rovers"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"tool_1","content":"Found 3 relevant documents..."}]},{"role":"assistant","content":"I found 3 relevant documents."},{"role":"user","content":[{"type":"text","text":"Okay","cache_control":{"type":"ephemeral"}}]}]}""", "tools[1] system[0] system[1] messages[4].content[0]")]
    public void Translate_PublishedExample_MarkersAtTheSamePlaces(string chat, string places)
    {
        using var document = JsonDocument.Parse(Translation.Request(chat));
        var found = new List<string>();

        Collect(document.RootElement, "", found);

        string.Join(' ', found).ShouldBe(places);
    }

    private static void Collect(JsonElement element, string path, List<string> found)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in element.EnumerateArray())
            {
                Collect(item, $"{path}[{index++}]", found);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                if (member.NameEquals("cache_control"))
                {
                    found.Add(path);
                }
                else
                {
                    Collect(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", found);
                }
            }
        }
    }

    private static int Count(string text) => (text.Length - text.Replace("cache_control", "", StringComparison.Ordinal).Length) / "cache_control".Length;
}
