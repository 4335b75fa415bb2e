using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using PromptCache.Core.Prefixes;
using PromptCache.Providers.Gemini;

namespace PromptCache.Providers.Tests.Gemini;

public class GeminiPropertyTests
{
    private const string Tail = """],"generationConfig":{"maxOutputTokens":9}}""";

    [Theory]
    [InlineData("gemini-2.5-flash")]
    [InlineData("gemini-3-pro-preview")]
    public void Translate_ConversationGrows_EarlierTurnIsAPrefix(string model)
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var conversation = new GeminiConversations(new Random(seed));
            var before = "";
            for (var turn = 0; turn < 6; turn++)
            {
                conversation.Grow();
                var text = GeminiTranslation.Request(conversation.ToJson(), model);
                text.ShouldEndWith(Tail, customMessage: $"seed {seed}, turn {turn}");
                text.ShouldStartWith(before, Case.Sensitive, $"seed {seed}, turn {turn}");
                before = text[..^Tail.Length];
            }
        }
    }

    [Fact]
    public void Cut_AnywhereItCan_TheHalvesAreTheWhole()
    {
        var cuts = 0;
        var protocol = new GeminiProtocol();
        for (var seed = 0; seed < 300; seed++)
        {
            var conversation = new GeminiConversations(new Random(seed));
            for (var turn = 0; turn < 3; turn++)
            {
                conversation.Grow();
            }

            var json = conversation.ToJson();
            Requests.TryRead(json, out var request).ShouldBeNull();
            if (!Segmenter.TryCut(request!, out var segments, out _))
            {
                // A marker where none may stand, such as on empty text: the gateway refuses it before anything is translated.
                continue;
            }

            using (segments)
            {
                var whole = Parts(GeminiTranslation.Request(json));
                for (var at = 0; at < segments.Count; at++)
                {
                    if (!protocol.PrefixCaches!.CanCut(segments, at))
                    {
                        continue;
                    }

                    var creation = new ArrayBufferWriter<byte>();
                    var rest = new ArrayBufferWriter<byte>();
                    if (protocol.PrefixCaches.Translate(request!, "gemini-2.5-flash", "cachedContents/c", segments[at], rest) is not null)
                    {
                        continue;
                    }

                    protocol.PrefixCaches.WriteCreation(request!, "gemini-2.5-flash", segments[at], TimeSpan.FromHours(1), creation).ShouldBeNull($"seed {seed}");
                    var second = Encoding.UTF8.GetString(rest.WrittenSpan);
                    second.ShouldNotContain("systemInstruction", Case.Sensitive, $"seed {seed}");
                    second.ShouldNotContain("functionDeclarations", Case.Sensitive, $"seed {seed}");
                    (Parts(Encoding.UTF8.GetString(creation.WrittenSpan)) + Parts(second)).ShouldBe(whole, $"seed {seed}, segment {at}");
                    cuts++;
                }
            }
        }

        cuts.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void Translate_DamagedRequest_RefusedOrTranslatedNeverThrown()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var conversation = new GeminiConversations(random);
            conversation.Grow();
            conversation.Grow();
            var damaged = Damaged.Copy(conversation.ToJson(), random);

            Should.NotThrow(() => GeminiTranslation.Try(damaged, "gemini-3-pro-preview", out _), $"seed {seed}: {damaged}");
        }
    }

    [Fact]
    public void Response_DamagedOrArbitrary_NeverThrows()
    {
        string[] samples =
        [
            """{"candidates":[{"content":{"parts":[{"text":"a","thought":true},{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"S"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":9223372036854775807,"toolUsePromptTokenCount":9223372036854775807}}""",
            """{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"QQ"}}]},"index":-5}],"usageMetadata":{"promptTokenCount":1e9,"thoughtsTokenCount":-3}}""",
            """{"promptFeedback":{"blockReason":"SAFETY"},"responseId":"\ud83d"}""",
            """{"error":{"code":500,"message":"x"}}""",
            """[{"error":{"code":500}}]""",
            new string('[', 5000),
        ];
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var translator = GeminiTranslation.Response();
            var output = new ArrayBufferWriter<byte>();
            for (var i = 0; i < 6; i++)
            {
                var sample = samples[random.Next(samples.Length)];
                var bytes = Encoding.Latin1.GetBytes(random.Next(3) == 0 ? sample : Damaged.Copy(sample, random));
                Should.NotThrow(
                    () =>
                    {
                        translator.TranslateEvent([.. "data: "u8, .. bytes, .. "\n\n"u8], output);
                        GeminiTranslation.Response().TranslateBody(bytes, new ArrayBufferWriter<byte>());
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

    // The parts in their order, with the role in front of each: where contents begin does not matter.
    private static string Parts(string json)
    {
        var root = JsonNode.Parse(json)!;
        var text = new StringBuilder(root["systemInstruction"]?.ToJsonString());
        foreach (var content in root["contents"]?.AsArray() ?? [])
        {
            foreach (var part in content!["parts"]!.AsArray())
            {
                text.Append(content["role"]).Append(part!.ToJsonString());
            }
        }

        return text.ToString();
    }
}
