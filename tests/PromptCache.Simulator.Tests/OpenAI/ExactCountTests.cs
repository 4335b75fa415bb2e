using System.Text;
using PromptCache.Core.Tokens;
using PromptCache.Tokenizers;
using static PromptCache.Simulator.Tests.TestSimulator;

namespace PromptCache.Simulator.Tests.OpenAI;

/// <summary>With the encodings that ship.</summary>
public sealed class ExactCountTests
{
    [Theory]
    [InlineData("gpt-4o", 1)]
    [InlineData("gpt-4o", 200)]
    [InlineData("gpt-4o", 5000)]
    [InlineData("gpt-4", 200)]
    [InlineData("gpt-4", 5000)]
    public async Task Completion_IsExactlyAsLongAsItSays(string model, int tokens)
    {
        var catalog = new TokenizerCatalog();
        await using var simulator = await StartAsync(new() { Tokenizers = catalog, CompletionTokens = tokens });
        var body = Chat(("user", "hello"));
        body["model"] = model;
        var reply = await simulator.ChatAsync(body);

        reply.Int("usage", "completion_tokens").ShouldBe(tokens);
        catalog.ForModel(model).Tokenizer.Count(Encoding.UTF8.GetBytes(reply.Text("choices", 0, "message", "content"))).ShouldBe(tokens);
    }

    [Fact]
    public async Task Prompt_IsCountedAsTheCookbookDoes()
    {
        await using var simulator = await StartAsync(new() { Tokenizers = new TokenizerCatalog() });

        // The cookbook's own example, "How to count tokens with tiktoken": 124 tokens for gpt-4o.
        var body = Chat(
            ("system", "You are a helpful, pattern-following assistant that translates corporate jargon into plain English."),
            ("system", "New synergies will help drive top-line growth."),
            ("system", "Things working well together will increase revenue."),
            ("system", "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage."),
            ("system", "Let's talk later when we're less busy about how to do better."),
            ("user", "This late pivot means we don't have time to boil the ocean for the client deliverable."));
        body["model"] = "gpt-4o";
        string[] names = ["", "example_user", "example_assistant", "example_user", "example_assistant", ""];
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i] is not "")
            {
                body["messages"]![i]!["name"] = names[i];
            }
        }

        (await simulator.ChatAsync(body)).Int("usage", "prompt_tokens").ShouldBe(124);
    }

    [Fact]
    public async Task Tools_AreCountedByTheRule()
    {
        var catalog = new TokenizerCatalog();
        await using var simulator = await StartAsync(new() { Tokenizers = catalog });
        var body = Chat(("user", "hello"));
        var without = (await simulator.ChatAsync(body)).Int("usage", "prompt_tokens");
        const string Tool = """{"type":"function","function":{"name":"weather","description":"The weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}""";
        body["tools"] = new System.Text.Json.Nodes.JsonArray(System.Text.Json.Nodes.JsonNode.Parse(Tool));

        var model = catalog.ForModel("electron");
        (await simulator.ChatAsync(body)).Int("usage", "prompt_tokens")
            .ShouldBe(without + ToolTokenRule.Count(Encoding.UTF8.GetBytes(Tool), model.Tokenizer, model.Format) + ToolTokenRule.ListEnd);
    }
}
