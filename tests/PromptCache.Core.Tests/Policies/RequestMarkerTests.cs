using PromptCache.Core.Policies;
using PromptCache.Core.Tests.Blocks;

namespace PromptCache.Core.Tests.Policies;

/// <summary>Markers in whole requests: errors name the field as the client wrote it.</summary>
public sealed class RequestMarkerTests
{
    private const string Mark = "\"cache_control\":{\"type\":\"ephemeral\"}";
    private const string Hour = "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}";

    [Theory]
    [InlineData("messages[3].content[1].cache_control", $$"""{"role":"user","content":[{"type":"text","text":"e"},{"type":"text","text":"f",{{Mark}}}]}""")]
    [InlineData("messages[3].cache_control", $$"""{"role":"user","content":"e",{{Mark}}}""")]
    public void Validate_FifthMarker_NamesItsPath(string path, string fifth)
        => Validate($$"""{"model":"m","messages":[{{Text(Mark)}},{{Text(Mark)}},{"role":"user","content":[{"type":"text","text":"a",{{Mark}}},{"type":"text","text":"b",{{Mark}}}]},{{fifth}}]}""").ShouldBe(path);

    [Theory]
    [InlineData("messages[1].content[0].cache_control.ttl", $$"""{"model":"m","tools":[{"type":"function","function":{"name":"a"},{{Mark}}}],"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"q",{{Hour}}}]}]}""")]
    [InlineData("cache_control.ttl", $$"""{"model":"m",{{Hour}},"messages":[{"role":"system","content":[{"type":"text","text":"s",{{Mark}}}]},{"role":"user","content":"q"}]}""")]
    [InlineData("cache_control", $$"""{"model":"m",{{Hour}},"messages":[{"role":"user","content":[{"type":"text","text":"s",{{Mark}}}]}]}""")]
    [InlineData(null, $$"""{"model":"m",{{Mark}},"messages":[{"role":"system","content":[{"type":"text","text":"s",{{Hour}}}]},{"role":"user","content":"q"}]}""")]
    [InlineData(null, $$"""{"model":"m",{{Mark}},"messages":[{"role":"user","content":[{"type":"text","text":"s",{{Mark}}}]}]}""")]
    public void Validate_Lifetimes_LongerComesFirst(string? path, string body) => Validate(body).ShouldBe(path);

    private static string Text(string marker) => $$"""{"role":"user","content":[{"type":"text","text":"x",{{marker}}}]}""";

    private static string? Validate(string json)
    {
        using var list = FrontDoor.Cut(json);
        return CachePlanner.Validate(PolicyBench.Shipped("anthropic"), "m", list)?.Param;
    }
}
