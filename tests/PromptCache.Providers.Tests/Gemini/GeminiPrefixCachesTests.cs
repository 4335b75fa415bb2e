using System.Buffers;
using System.Text;
using PromptCache.Providers.Gemini;

namespace PromptCache.Providers.Tests.Gemini;

public class GeminiPrefixCachesTests
{
    private const string Marker = ""","cache_control":{"type":"ephemeral"}""";

    private static readonly IPrefixCaches Caches = new GeminiProtocol().PrefixCaches.ShouldNotBeNull();

    [Fact]
    public void Cut_MarkerInsideAMessage_TheRestIsAContentOfItsOwn()
    {
        var cut = GeminiTranslation.Cut($$$$"""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"HUGE"{{{{Marker}}}}},{"type":"text","text":"q"}]},{"role":"assistant","content":"r"},{"role":"user","content":"s"}],"max_tokens":9}""");

        cut.ShouldNotBeNull().Creation.ShouldBe("""{"model":"models/gemini-2.5-flash","contents":[{"role":"user","parts":[{"text":"a"},{"text":"HUGE"}]}],"ttl":"300s"}""");
        cut.Value.Remainder.ShouldBe("""{"cachedContent":"cachedContents/c1","contents":[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"text":"r"}]},{"role":"user","parts":[{"text":"s"}]}],"generationConfig":{"maxOutputTokens":9}}""");
    }

    [Fact]
    public void Cut_MarkerOnTheSystemPrompt_ToolsAndChoiceAreFrozenWithIt()
    {
        var cut = GeminiTranslation.Cut($$$$"""{"model":"m","tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"auto","messages":[{"role":"system","content":[{"type":"text","text":"S"{{{{Marker}}}}}]},{"role":"user","content":"q"}]}""");

        cut.ShouldNotBeNull().Creation.ShouldBe("""{"model":"models/gemini-2.5-flash","tools":[{"functionDeclarations":[{"name":"f"}]}],"systemInstruction":{"parts":[{"text":"S"}]},"toolConfig":{"functionCallingConfig":{"mode":"AUTO"}},"ttl":"300s"}""");
        cut.Value.Remainder.ShouldBe("""{"cachedContent":"cachedContents/c1","contents":[{"role":"user","parts":[{"text":"q"}]}],"generationConfig":{}}""");
    }

    [Fact]
    public void Cut_MarkerOnTheLastResult_TheCallsStayWithTheirResults()
    {
        var cut = GeminiTranslation.Cut($$$$"""{"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"r"{{{{Marker}}}}}]},{"role":"user","content":"s"}]}""");

        cut.ShouldNotBeNull().Creation.ShouldEndWith("""{"role":"user","parts":[{"functionResponse":{"id":"a","name":"f","response":{"output":"r"}}}]}],"ttl":"300s"}""");
        cut.Value.Remainder.ShouldStartWith("""{"cachedContent":"cachedContents/c1","contents":[{"role":"user","parts":[{"text":"s"}]}]""");
    }

    [Fact]
    public void Cut_MarkerOnACallWhoseResultFollows_TheResultKeepsItsName()
        => GeminiTranslation.Cut($$$$"""{"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}{{{{Marker}}}}}]},{"role":"tool","tool_call_id":"a","content":"r"}]}""")
            .ShouldNotBeNull().Remainder.ShouldStartWith("""{"cachedContent":"cachedContents/c1","contents":[{"role":"user","parts":[{"functionResponse":{"id":"a","name":"f","response":{"output":"r"}}}]}]""");

    [Theory]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"all"MARK}]}]""")]
    [InlineData("""[{"role":"system","content":[{"type":"text","text":"fixed"MARK},{"type":"text","text":"now: 12:31"}]},{"role":"user","content":"q"}]""")]
    [InlineData("""[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}MARK},{"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"r"},{"role":"tool","tool_call_id":"b","content":"r"}]""")]
    [InlineData("""[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"r"MARK}]},{"role":"tool","tool_call_id":"b","content":"r"}]""")]
    public void CanCut_WhereTheHalvesWouldBeRefusedOrNeverReused_False(string messages)
        => GeminiTranslation.Cut($$$$"""{"model":"m","messages":{{{{messages.Replace("MARK", Marker, StringComparison.Ordinal)}}}}}""").ShouldBeNull();

    [Fact]
    public void TryReadCreated_Names()
    {
        Caches.TryReadCreated("""{"name":"cachedContents/ab-1","usageMetadata":{"totalTokenCount":2039}}"""u8, out var name, out var tokens).ShouldBeTrue();
        (name, tokens).ShouldBe(("cachedContents/ab-1", 2039L));
        Caches.TryReadCreated("""{"name":"../evil"}"""u8, out _, out _).ShouldBeFalse();
        Caches.TryReadCreated("no"u8, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Renewal_PatchesTheLifetimeOnly()
    {
        var body = new ArrayBufferWriter<byte>();
        Caches.WriteRenewal(TimeSpan.FromHours(1), body);

        Encoding.UTF8.GetString(body.WrittenSpan).ShouldBe("""{"ttl":"3600s"}""");
        Caches.RenewalPath("cachedContents/a/b").ShouldBe("/v1beta/cachedContents/a%2Fb?updateMask=ttl");
    }

    [Theory]
    [InlineData("""{"error":{"code":403,"message":"CachedContent not found (or permission denied)","status":"PERMISSION_DENIED"}}""", true)]
    [InlineData("""{"error":{"code":400,"message":"Cache content 123 is expired.","status":"INVALID_ARGUMENT"}}""", true)]
    [InlineData("""{"error":{"code":400,"message":"temperature must be in the range [0.0, 2.0].","status":"INVALID_ARGUMENT"}}""", false)]
    public void IsGone_ReadsTheMessage(string body, bool expected) => Caches.IsGone(Encoding.UTF8.GetBytes(body)).ShouldBe(expected);
}
