using System.Text;

namespace PromptCache.Core.Tests.Requests;

public class PromptRequestReaderTests
{
    private const string Ok = """{"role":"user","content":"x"}""";

    [Fact]
    public void TryRead_Rich_FindsEveryField()
    {
        var request = Bodies.Read(Bodies.Rich);

        request.Model.ShouldBe("gpt-5");
        request.Stream.ShouldBeTrue();
        request.IncludeUsage.ShouldBeFalse();
        request.UsageInclude.ShouldBeTrue();
        request.ProviderOrder.ShouldBe(["openai", "claude"]);
        request.AllowFallbacks.ShouldBeFalse();
        Text(request.ValueOf(request.ModelMember)).ShouldBe("\"gpt-5\"");
        Text(request.ValueOf(request.ToolChoice)).ShouldBe("\"auto\"");
        Text(request.ValueOf(request.PromptCacheKey)).ShouldBe("\"k\"");
        Text(request.ValueOf(request.UsageOptions)).ShouldBe("""{"include":true}""");
        Text(request.ValueOf(request.Find("x_unknown"u8))).ShouldBe("""{ "deep" : [ null , true ] }""");
        request.Tools.Exists.ShouldBeTrue();
        request.ResponseFormat.Exists.ShouldBeTrue();
        request.CacheControl.Exists.ShouldBeTrue();
        request.PromptCacheOptions.Exists.ShouldBeTrue();
        request.Members.Length.ShouldBe(14);
    }

    [Theory]
    [InlineData("[]", null, "invalid_type")]
    [InlineData("7", null, "invalid_type")]
    [InlineData("{}", "model", "missing_required_parameter")]
    [InlineData("""{"model":5,"messages":[]}""", "model", "invalid_type")]
    [InlineData("""{"model":null,"messages":[]}""", "model", "invalid_type")]
    [InlineData("""{"model":"","messages":[]}""", "model", "empty_string")]
    [InlineData("""{"model":"m"}""", "messages", "missing_required_parameter")]
    [InlineData("""{"model":"m","messages":{}}""", "messages", "invalid_type")]
    [InlineData("""{"model":"m","messages":null}""", "messages", "invalid_type")]
    [InlineData("""{"model":"m","messages":[]}""", "messages", "empty_array")]
    [InlineData("""{"model":"m","messages":[1]}""", "messages[0]", "invalid_type")]
    [InlineData("""{"model":"m","messages":[{"role":"user"},{}]}""", "messages[1].role", "missing_required_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":1}]}""", "messages[0].role", "invalid_type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":1}]}""", "messages[0].content", "invalid_type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":{}}]}""", "messages[0].content", "invalid_type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":["x"]}]}""", "messages[0].content[0]", "invalid_type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"},{"text":"b"}]}]}""", "messages[0].content[1].type", "missing_required_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":[]}]}]}""", "messages[0].content[0].type", "invalid_type")]
    public void TryRead_WrongBody_NamesTheField(string body, string? param, string code)
    {
        var error = Bodies.Refused(body);

        (error.Param, error.Code).ShouldBe((param, code));
    }

    [Theory]
    [InlineData("\"tools\":{}", "tools", "invalid_type")]
    [InlineData("\"tools\":[{},1]", "tools[1]", "invalid_type")]
    [InlineData("\"stream\":\"true\"", "stream", "invalid_type")]
    [InlineData("\"stream\":1", "stream", "invalid_type")]
    [InlineData("\"stream_options\":[]", "stream_options", "invalid_type")]
    [InlineData("\"stream_options\":{\"include_usage\":1}", "stream_options.include_usage", "invalid_type")]
    [InlineData("\"usage\":true", "usage", "invalid_type")]
    [InlineData("\"usage\":{\"include\":\"x\"}", "usage.include", "invalid_type")]
    [InlineData("\"provider\":\"openai\"", "provider", "invalid_type")]
    [InlineData("\"provider\":{\"order\":\"openai\"}", "provider.order", "invalid_type")]
    [InlineData("\"provider\":{\"order\":[\"a\",2]}", "provider.order[1]", "invalid_type")]
    [InlineData("\"provider\":{\"allow_fallbacks\":0}", "provider.allow_fallbacks", "invalid_type")]
    public void TryRead_WrongOption_NamesTheField(string member, string param, string code)
    {
        var error = Bodies.Refused(Bodies.Chat(Ok, "," + member));

        (error.Param, error.Code).ShouldBe((param, code));
    }

    [Fact]
    public void TryRead_WrongType_SpeaksLikeOpenAI()
        => Bodies.Refused("""{"model":"m","messages":"hi"}""").Message
            .ShouldBe("Invalid type for 'messages': expected an array of objects, but got a string instead.");

    [Theory]
    [InlineData("\"stream\":null")]
    [InlineData("\"stream_options\":null")]
    [InlineData("\"tools\":null")]
    [InlineData("\"usage\":null,\"provider\":null")]
    [InlineData("\"anything\":{\"at\":[\"all\"]}")]
    public void TryRead_NullAndUnknown_Accepted(string member)
    {
        var request = Bodies.Read(Bodies.Chat(Ok, "," + member));

        request.Stream.ShouldBeFalse();
        request.AllowFallbacks.ShouldBeTrue();
        request.ProviderOrder.ShouldBeEmpty();
        request.Tools.Exists.ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"mod\u0065l":"m"}""", "model", "repeated_parameter")]
    [InlineData("""{"model":"m","messages":5,"messages":[{"role":"user","content":"x"}]}""", "messages", "repeated_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"stream":true,"stream":true}""", "stream", "repeated_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"stream_options":null,"stream_options":{}}""", "stream_options", "repeated_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"stream_options":{"include_usage":true,"include_usage":false}}""", "stream_options.include_usage", "repeated_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"usage":{"include":true},"usage":{}}""", "usage", "repeated_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"service_tier":"flex","service_tier":"priority"}""", "service_tier", "repeated_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"provider":{"order":["a"],"order":["b"]}}""", "provider.order", "repeated_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"functions":[],"functions":[]}""", "functions", "repeated_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"Model":"dear"}""", "model", "misspelt_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"M\u0065SSAGES":[]}""", "messages", "misspelt_parameter")]
    [InlineData("""{"Service_Tier":"priority","model":"m","messages":[{"role":"user","content":"x"}]}""", "service_tier", "misspelt_parameter")]
    public void TryRead_FieldThatParsersReadDifferently_Refused(string body, string param, string code)
        => (Bodies.Refused(body).Param, Bodies.Refused(body).Code).ShouldBe((param, code));

    [Theory]
    [InlineData("""{"role":"user","content":"cached","content":"new"}""", "messages[0].content")]
    [InlineData("""{"role":"system","role":"user","content":"x"}""", "messages[0].role")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"cached","t\u0065xt":"new"}]}""", "messages[0].content[0].text")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":"5m","ttl":"1h"}}]}""", "messages[0].content[0].cache_control.ttl")]
    [InlineData("""{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"a","text":"b"}]}]}""", "messages[0].content[0].content[0].text")]
    [InlineData("""{"role":"assistant","tool_calls":[],"tool_calls":[]}""", "messages[0].tool_calls")]
    public void TryCut_TextThatParsersReadDifferently_Refused(string message, string param)
        => (Bodies.CutRefused(Bodies.Chat(message)).Param, Bodies.CutRefused(Bodies.Chat(message)).Code).ShouldBe((param, "repeated_parameter"));

    [Fact]
    public void TryRead_UnknownNameTwice_IsTheProvidersToJudge()
        => Bodies.Read("""{"model":"m","user":"a","user":"b","messages":[{"role":"user","content":"x","x":1,"x":2}],"metadata":{"a":1,"a":2}}""").Members.Length.ShouldBe(5);

    [Fact]
    public void TryRead_LoneSurrogate_IsAReplacementCharacter()
        => Bodies.Read("""{"model":"a\ud800b","messages":[{"role":"user","content":"\udc00","\ud800":1}],"\ud83d":2}""").Model.ShouldBe("a\uFFFDb");

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
