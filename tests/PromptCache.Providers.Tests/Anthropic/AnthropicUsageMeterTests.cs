using System.Text;
using PromptCache.Core.Usage;
using PromptCache.Core.Wire;
using PromptCache.Providers.Anthropic;

namespace PromptCache.Providers.Tests.Anthropic;

public class AnthropicUsageMeterTests
{
    private const string Stream = "event: message_start\r\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":30,\"cache_read_input_tokens\":60,\r\ndata: \"cache_creation\":{\"ephemeral_5m_input_tokens\":10,\"ephemeral_1h_input_tokens\":20},\"output_tokens\":1}}}\r\n\r\n"
        + "event: ping\ndata: {\"type\":\"ping\"}\n\n"
        + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"\\\"message_delta\\\" usage\"}}\n\n"
        + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":9,\"output_tokens_details\":{\"thinking_tokens\":4}}}\n\n"
        + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    private static readonly TokenUsage Expected = new() { PromptTokens = 100, CacheRead = 60, CacheWrite = 10, CacheWrite1h = 20, CompletionTokens = 9, ReasoningTokens = 4, Source = CountSource.Provider };

    [Fact]
    public void ReadEvent_CutAnywhere_SameUsage()
    {
        var bytes = Encoding.UTF8.GetBytes(Stream);
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var meter = Meter([bytes[..cut], bytes[cut..]]);
            meter.Usage.ShouldBe(Expected, $"cut at {cut}");
            meter.IsComplete.ShouldBeTrue($"cut at {cut}");
        }

        Meter([.. bytes.Chunk(1)]).Usage.ShouldBe(Expected);
    }

    [Fact]
    public void ReadEvent_StreamCut_WhatWasReported()
    {
        var meter = Meter([Encoding.UTF8.GetBytes(Stream[..Stream.IndexOf("event: ping", StringComparison.Ordinal)])]);

        meter.IsComplete.ShouldBeFalse();
        meter.Usage.ShouldBe(Expected with { CompletionTokens = 1, ReasoningTokens = null });
    }

    [Fact]
    public void ReadEvent_StreamCutInTheAnswer_TheOutputIsToBeCounted()
    {
        using var meter = new AnthropicUsageMeter();
        foreach (var data in (string[])
        [
            """{"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1}}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"h\u00e4m "}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"S=="}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"\"message_delta\" "}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}""",
        ])
        {
            meter.ReadEvent(Encoding.UTF8.GetBytes($"data: {data}\n\n"));
        }

        meter.Usage.ShouldBe(new TokenUsage { PromptTokens = 10, Source = CountSource.Estimated });
        Encoding.UTF8.GetString(meter.Completion.Span).ShouldBe("häm \"message_delta\" {\"a\":");

        meter.ReadEvent("data: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":40}}\n\n"u8);
        meter.Usage!.CompletionTokens.ShouldBe(40);
    }

    [Theory]
    [InlineData("""{"a": 1.0, "usage" : null ,"b":[ ]}""", """{"a": 1.0, "usage" : #} ,"b":[ ]}""")]
    [InlineData("""{"usage":{"speed":"fast","input_tokens":5,"x":{ } } }""", """{"usage":#,"speed":"fast","x":{ }} }""")]
    [InlineData("{}", """{"usage":#}}""")]
    [InlineData("[1]", "[1]")]
    [InlineData("no json", "no json")]
    public void RewriteBody_OtherFigures_InPlaceOfItsOwn(string body, string expected)
    {
        const string Figures = """{"input_tokens":10,"cache_creation_input_tokens":30,"cache_read_input_tokens":60,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":9""";
        using var meter = new AnthropicUsageMeter();
        var output = new System.Buffers.ArrayBufferWriter<byte>();

        meter.RewriteBody(Encoding.UTF8.GetBytes(body), Expected, output);

        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe(expected.Replace("#", Figures, StringComparison.Ordinal));
    }

    [Fact]
    public void ReadBody_Usage_Disjoint()
    {
        var meter = new AnthropicUsageMeter();

        meter.ReadBody("""{"type":"message","usage":{"input_tokens":2048,"cache_read_input_tokens":1800,"cache_creation_input_tokens":248,"output_tokens":503}}"""u8);

        meter.Usage.ShouldBe(new TokenUsage { PromptTokens = 4096, CacheRead = 1800, CacheWrite = 248, CompletionTokens = 503, Source = CountSource.Provider });
        meter.Usage!.Uncached.ShouldBe(2048);
        meter.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void ReadEvent_WritesOnTheirWay_CountedAtTheDefaultLifetime()
    {
        var meter = new AnthropicUsageMeter();
        meter.ReadEvent("data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":1,\"cache_creation_input_tokens\":20,\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":20}}}}\n\n"u8);
        meter.ReadEvent("data: {\"type\":\"message_delta\",\"usage\":{\"cache_creation_input_tokens\":50,\"output_tokens\":1}}\n\n"u8);

        meter.Usage.ShouldBe(new TokenUsage { PromptTokens = 51, CacheWrite = 30, CacheWrite1h = 20, CompletionTokens = 1, Source = CountSource.Provider });
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("""{"type":"error","error":{}}""")]
    public void Usage_NothingReported_Null(string body)
    {
        var meter = new AnthropicUsageMeter();
        meter.ReadBody(Encoding.UTF8.GetBytes(body));
        meter.Usage.ShouldBeNull();
    }

    private static AnthropicUsageMeter Meter(byte[][] pieces)
    {
        var meter = new AnthropicUsageMeter();
        var scanner = default(SseScanner);
        using var held = new PooledBytes();
        foreach (var piece in pieces)
        {
            var rest = piece.AsSpan();
            while (!rest.IsEmpty)
            {
                var taken = scanner.Scan(rest);
                held.Write(rest[..(taken == 0 ? rest.Length : taken)]);
                if (taken == 0)
                {
                    break;
                }

                meter.ReadEvent(held.Span);
                held.Clear();
                rest = rest[taken..];
            }
        }

        return meter;
    }
}
