using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace PromptCache.Providers.Tests.Anthropic;

public partial class AnthropicPropertyTests
{
    private const string Tail = """]}],"max_tokens":9}""";

    [Theory]
    [InlineData("claude-sonnet-4-5")]
    [InlineData("claude-opus-4-8")]
    public void Translate_ConversationGrows_EarlierTurnIsAPrefix(string model)
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var conversation = new AnthropicConversations(new Random(seed));
            var before = "";
            for (var turn = 0; turn < 6; turn++)
            {
                conversation.Grow();
                var text = Unmarked(Translation.Request(conversation.ToJson(), model));
                text.ShouldEndWith(Tail, customMessage: $"seed {seed}, turn {turn}");
                text.ShouldStartWith(before, Case.Sensitive, $"seed {seed}, turn {turn}");
                before = text[..^Tail.Length];
            }
        }
    }

    [Fact]
    public void Translate_SameRequestTwice_SameBytes()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var conversation = new AnthropicConversations(new Random(seed));
            conversation.Grow();
            var json = conversation.ToJson();
            Translation.Request(json).ShouldBe(Translation.Request(json), $"seed {seed}");
        }
    }

    [Fact]
    public void Translate_DamagedRequest_RefusedOrTranslatedNeverThrown()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var conversation = new AnthropicConversations(random);
            conversation.Grow();
            var damaged = Damaged.Copy(conversation.ToJson(), random);
            Should.NotThrow(() => Translation.Try(damaged, "claude-opus-4-8", out _), $"seed {seed}: {damaged}");
        }
    }

    [Fact]
    public void Response_DamagedOrArbitrary_NeverThrows()
    {
        string[] samples =
        [
            """{"type":"message_start","message":{"id":"m","usage":{"input_tokens":9223372036854775807,"cache_read_input_tokens":9223372036854775807}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"a":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"x"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\\u00"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"\ud83d"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":-5}}""",
            """{"type":"error","error":{"type":"api_error","message":"x"}}""",
            """{"id":"m","content":[{"type":"text","text":"a"},{"type":"tool_use","input":{}},{"type":"thinking"}],"usage":{"output_tokens":1e9}}""",
            new string('[', 5000),
        ];
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var translator = Translation.Response();
            var output = new ArrayBufferWriter<byte>();
            for (var i = 0; i < 8; i++)
            {
                var sample = samples[random.Next(samples.Length)];
                var bytes = Latin(random.Next(3) == 0 ? sample : Damaged.Copy(sample, random));
                Should.NotThrow(
                    () =>
                    {
                        translator.TranslateEvent([.. "data: "u8, .. bytes, .. "\n\n"u8], output);
                        Translation.Response().TranslateBody(bytes, new ArrayBufferWriter<byte>());
                        translator.TranslateError(random.Next(600), bytes, new ArrayBufferWriter<byte>());
                    },
                    $"seed {seed}: {sample}");
            }

            translator.Complete(output);
            foreach (var line in Encoding.Latin1.GetString(output.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
            {
                (line.StartsWith(": ", StringComparison.Ordinal) || line.StartsWith("data: ", StringComparison.Ordinal)).ShouldBeTrue($"seed {seed}: {line}");
                line.Contains('\n', StringComparison.Ordinal).ShouldBeFalse($"seed {seed}");
            }
        }
    }

    private static string Unmarked(string text) => Markers().Replace(text, "");

    [GeneratedRegex(""","cache_control":\{[^}]*\}""", RegexOptions.None, 1000)]
    private static partial Regex Markers();

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);
}
