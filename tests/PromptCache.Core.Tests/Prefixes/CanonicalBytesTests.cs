using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PromptCache.Core.Tests.Requests;

namespace PromptCache.Core.Tests.Prefixes;

/// <summary>The format, byte by byte. When one of these fails, everything that is stored is lost: raise the version.</summary>
public class CanonicalBytesTests
{
    [Fact]
    public void Text_FirstOfItsMessage()
        => Golden("""{"role":"user","content":"Hi\u0021"}""", Hex([1, 3, 3, 0, 1], "Hi!"));

    [Fact]
    public void Text_SystemWithNameAndMoreMembers()
        => Golden(
            """{"weight" : 1 ,"role":"system","name":"A\/da","content":"Hi"}""",
            Hex([1, 3, 1, 0, 1 | 4 | 16], 4, "A/da", 11, "\"weight\":1,", "Hi"));

    [Fact]
    public void Text_UnknownRole_IsSpelled()
        => Golden("""{"role":"critic","content":"Hi"}""", Hex([1, 3, 7, 0, 1 | 2], 6, "critic", "Hi"));

    [Fact]
    public void Parts_OnlyTheFirstStartsItsMessage()
        => Golden(
            """{"role":"developer","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"text":"b","type":"text","x": "\u0001"}]}""",
            Hex([1, 3, 2, 0, 1], "a"),
            Hex([1, 3, 2, 0, 32], 13, "\"x\":\"\\u0001\",", "b"));

    [Fact]
    public void ToolMessage_CarriesItsCallsId()
        => Golden("""{"role":"tool","tool_call_id":"c1","content":"18"}""", Hex([1, 9, 5, 0, 1 | 8], 2, "c1", "18"));

    [Theory]
    [InlineData("""{"role":"assistant","content":null}""")]
    [InlineData("""{"role":"assistant"}""")]
    [InlineData("""{"role":"assistant","content":[]}""")]
    public void Null_HasNoPayload(string message) => Golden(message, Hex([1, 11, 4, 0, 1]));

    [Fact]
    public void Assistant_ReasoningThenContentThenRefusalThenCalls()
        => Golden(
            """{"role":"assistant","tool_calls":[{"id" : "c", "type":"function","cache_control":null,"function":{"name":"f","arguments":"{\"a\":\n1}"}}],"function_call":{"name":"g"},"refusal":"no","content":"yes","reasoning":"r","reasoning_content":"hm"}""",
            Hex([1, 10, 4, 4, 1], "hm"),
            Hex([1, 10, 4, 5, 0], "r"),
            Hex([1, 3, 4, 0, 0], "yes"),
            Hex([1, 7, 4, 6, 0], "no"),
            Hex([1, 8, 4, 7, 128], """{"name":"g"}"""),
            Hex([1, 8, 4, 8, 128], """{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":\n1}"}}"""));

    [Fact]
    public void Thinking_AndRefusalParts()
        => Golden(
            """{"role":"assistant","content":[{"type":"thinking","thinking":"let me","signature":"s"},{"type":"redacted_thinking","data":"d"},{"type":"refusal","refusal":"no"}]}""",
            Hex([1, 10, 4, 0, 1 | 32], 16, "\"signature\":\"s\",", "let me"),
            Hex([1, 10, 4, 0, 128], """{"type":"redacted_thinking","data":"d"}"""),
            Hex([1, 7, 4, 0, 0], "no"));

    [Fact]
    public void ToolResult_TextsAreThePayloadAndOtherBlocksAreFramed()
        => Golden(
            """{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"ab"},{"type":"odd"},{"type":"text","text":"cd"}]}]}""",
            Hex([1, 9, 3, 0, 1 | 32 | 64], 18, "\"tool_use_id\":\"t\",", 9 + 5 + 14 + 9, (byte[])[1], 2, 0, (byte[])[2], 14, "{\"type\":\"odd\"}", (byte[])[1], -1, 0, "abcd"));

    [Fact]
    public void ToolResult_String_IsOneTextBlock()
    {
        const string expected = """{"role":"user","content":[{"type":"tool_result","content":"ab"}]}""";
        Golden(expected, Hex([1, 9, 3, 0, 1 | 64], 9, (byte[])[1], -1, 0, "ab"));
        Golden(expected.Replace("\"ab\"", """[{"type":"text","text":"ab"}]""", StringComparison.Ordinal), Hex([1, 9, 3, 0, 1 | 64], 9, (byte[])[1], -1, 0, "ab"));
    }

    [Fact]
    public void Image_Url_IsHashedWhole()
        => Golden(
            """{"role":"user","content":[{"type":"image_url","image_url":{"url":"https:\/\/x/a.png", "detail":"low","cache_control":null}}]}""",
            Hex([1, 4, 3, 0, 1 | 128], """{"type":"image_url","image_url":{"url":"https://x/a.png","detail":"low"}}"""));

    [Fact]
    public void Image_DataUrl_IsADigest()
    {
        var url = "data:image/png;base64," + new string('A', 600);
        var canonical = Hex([1, 4, 3, 0, 1 | 128], """{"type":"image_url","image_url":{"url":""", (byte[])[(byte)'#', .. SHA256.HashData(Encoding.ASCII.GetBytes(url))], "}}");

        Golden($$$"""{"role":"user","content":[{"type":"image_url","image_url":{"url":"{{{url}}}"}}]}""", canonical);
        Golden($$$"""{"role":"user","content":[{"type":"image_url","image_url":{"url":"{{{url.Replace("/", "\\/", StringComparison.Ordinal)}}}"}}]}""", canonical);
    }

    [Fact]
    public void Tool_IsCompactJsonInTheOrderSent()
    {
        using var segments = Bodies.Cut(Bodies.Chat(
            """{"role":"user","content":"x"}""",
            """,  "tools":[{ "type":"function", "function":{"parameters":{"cache_control":1.0E+2},"cache_control":{"type":"ephemeral"},"name":"f"} }]"""));

        Convert.ToHexStringLower(segments.CanonicalOf(segments[0])).ShouldBe(Hex([1, 1, 0, 1, 128], """{"type":"function","function":{"parameters":{"cache_control":1.0E+2},"name":"f"}}"""));
    }

    [Fact]
    public void Schema_IsCompactJson()
    {
        using var segments = Bodies.Cut(Bodies.Chat(
            """{"role":"user","content":"x"}""",
            """,  "response_format":{"type": "json_schema", "json_schema":{"b":1,"a":2}}"""));

        Convert.ToHexStringLower(segments.CanonicalOf(segments[0])).ShouldBe(Hex([1, 2, 0, 3, 128], """{"type":"json_schema","json_schema":{"b":1,"a":2}}"""));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(""","tool_choice":null,"temperature":1""", "")]
    [InlineData(""","tool_choice": "none" """, "01 02 06000000 226e6f6e6522")]
    [InlineData(""","tool_choice": "auto", "parallel_tool_calls": true""", "")]
    [InlineData(""","tool_choice": "\u0061uto","reasoning_effort":"high" """, "01 05 06000000 226869676822")]
    [InlineData(""","output_config":{"effort":"low","x":1},"reasoning_effort":"high","parallel_tool_calls":false""", "01 03 05000000 66616c7365 05 06000000 226869676822 07 05000000 226c6f7722")]
    [InlineData(""","output_config":{"x":1}""", "")]
    public void Salt_HoldsWhatInvalidatesOnlyTheMessages(string members, string expected)
    {
        using var segments = Bodies.Cut(Bodies.Chat("""{"role":"user","content":"x"}""", members));

        Convert.ToHexStringLower(segments.MessagesSalt).ShouldBe(expected.Replace(" ", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"u"}}""")]
    [InlineData("""{"type":"tool_result","content":[{"type":"image","source":{"type":"url","url":"u"}}]}""")]
    public void Salt_ImageAnywhere_Counts(string part)
    {
        using var segments = Bodies.Cut(Bodies.Chat($$"""{"role":"user","content":[{{part}}]}"""));

        Convert.ToHexStringLower(segments.MessagesSalt).ShouldBe("010100000000");
    }

    private static void Golden(string message, params string[] expected)
    {
        using var segments = Bodies.Cut(Bodies.Chat(message));
        segments.Count.ShouldBe(expected.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Convert.ToHexStringLower(segments.CanonicalOf(segments[i])).ShouldBe(expected[i], $"segment {i}: {Encoding.UTF8.GetString(segments.CanonicalOf(segments[i]))}");
        }
    }

    /// <summary>Bytes as they are, numbers as four bytes, strings as UTF-8.</summary>
    private static string Hex(byte[] header, params object[] fields)
    {
        var bytes = new List<byte>(header);
        foreach (var field in fields)
        {
            var number = new byte[4];
            switch (field)
            {
                case int length:
                    BinaryPrimitives.WriteInt32LittleEndian(number, length);
                    bytes.AddRange(number);
                    break;
                case byte[] raw:
                    bytes.AddRange(raw);
                    break;
                default:
                    bytes.AddRange(Encoding.UTF8.GetBytes((string)field));
                    break;
            }
        }

        return Convert.ToHexStringLower([.. bytes]);
    }
}
