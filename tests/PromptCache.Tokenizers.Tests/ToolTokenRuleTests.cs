using System.Text;
using PromptCache.Core.Tokens;

namespace PromptCache.Tokenizers.Tests;

public sealed class ToolTokenRuleTests
{
    // The example of OpenAI's cookbook ("How to count tokens with tiktoken", section 7) and the totals that the API reported for it.
    private const string Weather = """
        {"type":"function","function":{"name":"get_current_weather","description":"Get the current weather in a given location","parameters":{"type":"object",
        "properties":{"location":{"type":"string","description":"The city and state, e.g. San Francisco, CA"},
        "unit":{"type":"string","description":"The unit of temperature to return","enum":["celsius","fahrenheit"]}},"required":["location"]}}}
        """;

    private readonly TokenizerCatalog _catalog = new();

    [Theory]
    [InlineData("gpt-4", 105)]
    [InlineData("gpt-3.5-turbo", 105)]
    [InlineData("gpt-4o", 101)]
    [InlineData("gpt-4o-mini", 101)]
    public void Count_CookbookExample_TotalThatTheApiReported(string model, int expected)
    {
        var (tokenizer, _, format) = _catalog.ForModel(model);

        var total = ToolTokenRule.Count(Encoding.UTF8.GetBytes(Weather), tokenizer, format) + ToolTokenRule.ListEnd + format.ReplyPriming;
        foreach (var (role, content) in new[]
        {
            ("system", "You are a helpful assistant that can answer to questions about the weather."),
            ("user", "What's the weather like in San Francisco?"),
        })
        {
            total += format.TokensPerMessage + tokenizer.Count(Encoding.UTF8.GetBytes(role)) + tokenizer.Count(Encoding.UTF8.GetBytes(content));
        }

        total.ShouldBe(expected);
    }

    [Fact]
    public void Count_FunctionAlone_SameAsInItsWrapper()
    {
        var function = Weather[(Weather.IndexOf("\"function\":", StringComparison.Ordinal) + 11)..Weather.LastIndexOf('}')];

        Count(function).ShouldBe(Count(Weather));
        Count(function.Replace("\"parameters\"", "\"input_schema\"", StringComparison.Ordinal)).ShouldBe(Count(Weather));
    }

    [Fact]
    public void Count_WhiteSpaceAndEscapes_DoNotMatter()
    {
        Count("""{ "name" : "f" , "x" : { "a" : [ 1 , 2 ] } }""").ShouldBe(Count("""{"name":"f","x":{"a":[1,2]}}"""));
        Count("""{"name":"f\u0065e","description":"a\nb."}""").ShouldBe(Count("{\"name\":\"fee\",\"description\":\"a\\u000ab\"}"));
    }

    [Fact]
    public void Count_NestedSchema_IsNotFree()
    {
        var flat = Count("""{"name":"f","parameters":{"properties":{"o":{"type":"object"}}}}""");
        var nested = Count("""{"name":"f","parameters":{"properties":{"o":{"type":"object","properties":{"street":{"type":"string","description":"Where the house stands"}}}}}}""");
        var deeper = Count("""{"name":"f","parameters":{"properties":{"o":{"type":"object","properties":{"street":{"type":"array","items":{"type":"string","description":"Where the house stands"}}}}}}}""");

        nested.ShouldBeGreaterThan(flat + 8);
        deeper.ShouldBeGreaterThan(nested);
    }

    [Fact]
    public void Count_NoProperties_NoneOfTheirOverhead()
    {
        var name = _catalog.ForModel("gpt-4o").Tokenizer.Count("ping:"u8);

        Count("""{"type":"function","function":{"name":"ping"}}""").ShouldBe(ChatFormat.O200k.FunctionInit + name);
        Count("""{"type":"function","function":{"name":"ping","parameters":{"type":"object","properties":{}}}}""").ShouldBe(ChatFormat.O200k.FunctionInit + name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"function\":3}")]
    [InlineData("{\"type\":\"web_search\"}")]
    [InlineData("{\"name\":{},\"description\":[],\"parameters\":7}")]
    [InlineData("{\"name\":\"\\ud800\",\"\\udc00\":1}")]
    [InlineData("{\"parameters\":{\"properties\":[1]}}")]
    [InlineData("{\"parameters\":{\"properties\":{\"a\":true,\"b\":{\"enum\":3},\"c\":{\"enum\":[{},null,1.5]}}}}")]
    [InlineData("{\"parameters\":{\"properties\":{\"a\":")]
    [InlineData("{]")]
    [InlineData("{\"a\" 1}")]
    public void Count_AnyShape_ANumberAndNoException(string json) => Count(json).ShouldBeGreaterThanOrEqualTo(ChatFormat.O200k.FunctionInit);

    [Fact]
    public void Count_CutAnywhere_NoException()
    {
        var bytes = Encoding.UTF8.GetBytes(Weather);
        var (tokenizer, _, format) = _catalog.ForModel("gpt-4o");
        for (var length = 0; length <= bytes.Length; length++)
        {
            ToolTokenRule.Count(bytes.AsSpan(0, length), tokenizer, format).ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public void Count_AbsurdNesting_NoException()
        => Count("{\"name\":" + new string('[', 5000) + new string(']', 5000) + "}").ShouldBeGreaterThan(100);

    [Fact]
    public void Count_InvalidUtf8_NoException()
    {
        var (tokenizer, _, format) = _catalog.ForModel("gpt-4o");

        ToolTokenRule.Count([.. "{\"name\":\"\\n"u8, 0xFF, 0xC3, .. "\"}"u8], tokenizer, format).ShouldBeGreaterThan(0);
    }

    private int Count(string json)
    {
        var (tokenizer, _, format) = _catalog.ForModel("gpt-4o");
        return ToolTokenRule.Count(Encoding.UTF8.GetBytes(json), tokenizer, format);
    }
}
