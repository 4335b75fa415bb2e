using System.Text;
using PromptCache.Core.Blocks;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Tokens;
using PromptCache.Tokenizers;

namespace PromptCache.Core.Tests.Blocks;

/// <summary>What the chain makes of whole requests.</summary>
public sealed class RequestChainTests
{
    private const string Tools = """[{"type":"function","function":{"name":"a","parameters":{}}},{"type":"function","function":{"name":"b","parameters":{}}}]""";

    [Fact]
    public void Build_StringContentAndOneTextPart_AreTheSame()
    {
        var text = FrontDoor.Chain("""{"model":"m","messages":[{"role":"user","content":"hello there"}]}""");
        var part = FrontDoor.Chain("""{ "messages": [ {"content": [{"type":"text", "text":"hello\u0020there"}], "role":"user"} ], "model":"m"}""");

        part.HashOf(0).SequenceEqual(text.HashOf(0)).ShouldBeTrue();
    }

    [Fact]
    public void Build_Markers_AreNotHashed()
        => FrontDoor.Common(
            """{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"q"}]}""",
            """{"model":"m","cache_control":{"type":"ephemeral"},"messages":[{"role":"system","content":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}]},{"role":"user","content":"q"}]}""")
            .ShouldBe(2);

    [Theory]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"parameters\":{},\"name\":\"a\"}},", 0)]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\",\"parameters\":{},\"strict\":true}},", 0)]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\",\"parameters\":{}}},", 4)]
    public void Build_ToolChangedOrItsKeysReordered_NothingSurvives(string beginning, int common)
    {
        const string Rest = """{"type":"function","function":{"name":"b","parameters":{}}}],"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"q"}]}""";

        FrontDoor.Common($$"""{"tools":{{Tools}},"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"q"}]}""", "{" + beginning + Rest).ShouldBe(common);
    }

    // The invalidation table of the providers' documents: two tools, one system part, two messages.
    [Theory]
    [InlineData("", 5)]
    [InlineData("\"temperature\":0.5,", 5)]
    [InlineData("\"tool_choice\":\"required\",", 3)]
    [InlineData("\"parallel_tool_calls\":false,", 3)]
    [InlineData("\"reasoning_effort\":\"high\",", 3)]
    [InlineData("\"reasoning\":{\"effort\":\"low\"},", 3)]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\"}},", 2)]
    public void Build_ParameterAdded_InvalidatesItsLevelAndThoseBehind(string parameter, int common)
    {
        string Body(string extra) => $$"""{"model":"m",{{extra}}"tools":{{Tools}},"messages":[{"role":"system","content":"s"},{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}""";

        FrontDoor.Common(Body(""), Body(parameter)).ShouldBe(common);
    }

    [Fact]
    public void Build_ImageAddedAtTheEnd_InvalidatesAllMessagesButNotTheSystem()
    {
        string Body(string last) => $$"""{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"q"},{"role":"user","content":[{{last}}]}]}""";

        FrontDoor.Common(Body("""{"type":"text","text":"a"}"""), Body("""{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}""")).ShouldBe(1);
    }

    [Theory]
    [InlineData("You are  helpful.")]
    [InlineData("you are helpful.")]
    [InlineData("You are helpful")]
    public void Build_OneSpaceCapitalOrStopChanged_NothingAfterItSurvives(string system)
        => FrontDoor.Common(
            """{"model":"m","messages":[{"role":"system","content":"You are helpful."},{"role":"user","content":"q"}]}""",
            $$"""{"model":"m","messages":[{"role":"system","content":"{{system}}"},{"role":"user","content":"q"}]}""").ShouldBe(0);

    [Fact]
    public void Build_Names_CountAsTheFormatSays()
    {
        var model = new WordTokenizer().Model(ChatFormat.O200k);

        var without = FrontDoor.Chain("""{"model":"m","messages":[{"role":"user","content":"q"}]}""", model);
        var with = FrontDoor.Chain("""{"model":"m","messages":[{"role":"user","name":"ann lee","content":"q"}]}""", model);

        without.TotalTokens.ShouldBe(3 + 1 + 1 + 3);
        with.TotalTokens.ShouldBe(without.TotalTokens + 1 + 2);
    }

    [Theory]
    [InlineData("gpt-4o")]
    [InlineData("gpt-4")]
    public void Build_LongTextInShippedEncodings_HasTheTokensOfTheWhole(string name)
    {
        const int Seed = 99;
        var random = new Random(Seed);
        var model = new TokenizerCatalog().ForModel(name);
        var identity = new ChainIdentity("t", "p", name, model.Tokenizer.Name);
        var builder = new ChainBuilder(new byte[32], memoBytes: 1 << 22);
        for (var round = 0; round < 12; round++)
        {
            var text = MixedText(random, 3000 + random.Next(30_000));
            using var list = new PromptDraft().User(text).Build();
            using var grown = new PromptDraft().User(text + MixedText(random, 3000)).Build();
            foreach (var prompt in (SegmentList[])[list, grown, list])
            {
                var chain = builder.Build(identity, prompt, model);
                var plain = PlainChain.Build(new byte[32], identity, prompt, model.Tokenizer);

                chain.TokensAt(chain.Count).ShouldBe(model.Tokenizer.Count(prompt.Bytes.Span), $"seed {Seed}, round {round}");
                chain.Hashes.SequenceEqual(plain.SelectMany(h => h).ToArray()).ShouldBeTrue($"seed {Seed}, round {round}");
            }
        }
    }

    /// <summary>Words, code, digits, CJK, emoji, blank runs and stretches without any place to cut.</summary>
    private static string MixedText(Random random, int length)
    {
        string[] atoms = ["hello", " world", "\n", "\r\n", "  ", "\t", "1234567", " if (x) {", "}\n", "漢字", " 日本語", "😀", "'s", "/", "\n/", "...", "é", "\u00a0", "ALLCAPS", "camelCase"];
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append(random.Next(200) == 0 ? new string((char)('a' + random.Next(26)), 5000) : atoms[random.Next(atoms.Length)]);
        }

        return text.ToString();
    }
}
