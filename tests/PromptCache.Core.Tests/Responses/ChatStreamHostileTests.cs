using System.Text;
using System.Text.Json;
using PromptCache.Core.Responses;

namespace PromptCache.Core.Tests.Responses;

/// <summary>Streams that nobody sane would send. Nothing throws, cuts do not matter, and what is not usage is not touched.</summary>
public sealed class ChatStreamHostileTests
{
    private const int Seed = 20261121;

    private static readonly string[] Pieces =
    [
        "data: ", "data:", "data", "\n", "\r", "\r\n", "\n\n", "\r\n\r\n", "event: x\n", ": c\n", "[DONE]", "{", "}", "[", "]", ",", ":", "null", "\"", "\\", "\\ud83d", "é", "\uFEFF",
        "\"choices\":[]", "\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]", "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":-1}", "\"usage\":null", "\"usage\":{}",
        "data: {\"choices\":[{\"delta\":{\"content\":\"a\\ud83d\"}}]}\n\n", "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"cached_tokens\":9}}\n\n",
        "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":\"x\"}}\r\n\r\n", "data: {\"error\":1}\r\r", "data: [DONE]\n\n",
        "data: {\"choices\":[{}],\ndata: \"usage\":{\"total_tokens\":3,\ndata: \"prompt_tokens_details\":7}}\n\n", "data: {\"usage\":{\"prompt_tokens\":1e400,\"prompt_tokens_details\":{\"cached_tokens\":{}}},\"choices\":[]}\n\n",
    ];

    [Fact]
    public async Task Write_RandomStreams_SameOutputHoweverCut()
    {
        for (var round = 0; round < 1500; round++)
        {
            var random = new Random(Seed + round);
            var wire = new StringBuilder();
            for (var i = random.Next(1, 25); i > 0; i--)
            {
                wire.Append(Pieces[random.Next(Pieces.Length)]);
            }

            var bytes = Encoding.UTF8.GetBytes(wire.ToString());
            for (var i = random.Next(4); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var options = StreamReplay.Options(show: round % 2 == 0, store: round % 3 == 0, max: round % 5 == 0 ? 60 : 1 << 20);
            var because = $"seed {Seed + round}: {wire}";
            var whole = await RunAsync([bytes], options, because);
            (await RunAsync(bytes.Chunk(1), options, because)).ShouldBe(whole, because);
            (await RunAsync(Cut(bytes, random), options, because)).ShouldBe(whole, because);
        }
    }

    [Fact]
    public async Task Write_RandomUsage_ValidJsonAndEverythingElseUntouched()
    {
        string[] names = ["prompt_tokens", "completion_tokens", "total_tokens", "cached_tokens", "prompt_cache_hit_tokens", "cache_creation", "cache_read_input_tokens", "x", "cost"];
        string[] inner = ["cached_tokens", "cache_write_tokens", "cache_creation_input_tokens", "audio_tokens", "cache_creation"];
        string[] values = ["0", "12", "-3", "1.0", "null", "\"s\"", "[1, 2]", "{\"a\" : 1}", "true", "1e99"];
        for (var round = 0; round < 2000; round++)
        {
            var random = new Random(Seed + round);
            string Space() => random.Next(3) == 0 ? " " : "";
            string Members(string[] of) => "{" + Space() + string.Join(",", of.Where(_ => random.Next(2) == 0).Select(n => $"{Space()}\"{n}\"{Space()}:{Space()}{values[random.Next(values.Length)]}{Space()}")) + "}";
            var usage = Members(names);
            if (random.Next(2) == 0)
            {
                usage = usage[..^1] + (usage.Contains(':', StringComparison.Ordinal) ? "," : "") + "\"prompt_tokens_details\":" + Members(inner) + "}";
            }

            const string Before = "data: {\"a\" : 1.50,\"choices\" : [ ] , \"usage\":";
            const string After = " , \"z\":\"\\u0041\" }\n\n";
            var settler = new TestSettler { StoreMode = round % 2 == 0, ExplicitFields = round % 3 == 0, StoreRead = round % 5 == 0 ? null : 5, StoreWrite = round % 7 == 0 ? null : 2 };
            var wire = "data: {\"choices\":[{}]}\n\n" + Before + usage + After + "data: [DONE]\n\n";
            var result = await StreamReplay.OnceAsync([Encoding.UTF8.GetBytes(wire)], StreamReplay.Options(cost: round % 4 == 0), settler);

            var because = $"seed {Seed + round}: {usage}";
            result.Text.ShouldStartWith("data: {\"choices\":[{}]}\n\n" + Before, Case.Sensitive, because);
            result.Text.ShouldEndWith(After + "data: [DONE]\n\n", Case.Sensitive, because);
            var data = result.Text.Split("\n\n")[1]["data: ".Length..];
            using var json = JsonDocument.Parse(data);
            var root = json.RootElement;
            root.GetProperty("cost_details").GetProperty("total_cost").GetDecimal().ShouldBe(0.00049m, because);
            var final = result.Settled!.Usage;
            var said = root.GetProperty("usage");
            said.GetProperty("prompt_tokens").GetDouble().ShouldBe((double)final.PromptTokens!.Value, because);
            said.GetProperty("completion_tokens").GetDouble().ShouldBe((double)final.CompletionTokens!.Value, because);
            if (final.CacheRead is { } read)
            {
                said.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetDouble().ShouldBe((double)read, because);
            }
            else if (said.TryGetProperty("prompt_tokens_details", out var details) && details.ValueKind == JsonValueKind.Object)
            {
                details.TryGetProperty("cached_tokens", out _).ShouldBeFalse(because);
            }

            if (result.Settled.ReplaceCacheFields)
            {
                if (said.TryGetProperty("cost", out var price))
                {
                    price.GetDecimal().ShouldBe(0.00049m, because);
                }

                foreach (var name in (string[])["cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens"])
                {
                    if (said.TryGetProperty(name, out var mirror))
                    {
                        mirror.GetDouble().ShouldBe((double)final.CacheRead!.Value, because);
                    }
                }
            }
        }
    }

    [Fact]
    public async Task Write_InvalidUtf8InText_PassesByteForByte()
    {
        byte[] wire = [.. "data: {\"choices\":[{\"delta\":{\"content\":\""u8, 0xFF, 0xC0, 0x80, .. "\\\\\"}}]}\n\ndata: [DONE]\n\n"u8];
        using var rewriter = new ChatStreamRewriter(StreamReplay.Options(show: false), new TestSettler());
        var output = new RecordingStream();
        await rewriter.WriteAsync(wire, output, CancellationToken.None);
        Encoding.Latin1.GetBytes(output.Text).ShouldBe(wire);
    }

    private static async Task<string> RunAsync(IEnumerable<byte[]> pieces, RewriteOptions options, string because)
    {
        try
        {
            var result = await StreamReplay.OnceAsync(pieces, options, new TestSettler { StoreMode = options.ReplaceCacheFields });
            return $"{result.Text}|{result.Settled?.Usage}|{result.SawDone}{result.Truncated}{result.SawError}{result.Model}{result.FinishReason}|{result.Settler.Completion}";
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(because, exception);
        }
    }

    private static List<byte[]> Cut(byte[] bytes, Random random)
    {
        var pieces = new List<byte[]>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(random.Next(1, 40), bytes.Length - at);
            pieces.Add(bytes[at..(at + length)]);
            at += length;
        }

        return pieces;
    }
}
