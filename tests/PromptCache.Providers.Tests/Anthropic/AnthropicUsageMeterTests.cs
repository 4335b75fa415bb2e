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
