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

    [Fact]
    public void TryRead_NameTwice_LastWins()
    {
        var request = Bodies.Read("""{"model":1,"stream":"x","messages":5,"mod\u0065l":"l\u0061st","stream":true,"messages":[{"role":1,"content":1,"role":"user","content":"x"}]}""");

        request.Model.ShouldBe("last");
        request.Stream.ShouldBeTrue();
        Text(request.ModelMember.Value.Of(request.Body.Span)).ShouldBe("\"l\\u0061st\"");
        request.Find("model"u8).ShouldBe(request.ModelMember);
    }

    [Fact]
    public void TryRead_LoneSurrogate_IsAReplacementCharacter()
        => Bodies.Read("""{"model":"a\ud800b","messages":[{"role":"user","content":"\udc00","\ud800":1}],"\ud83d":2}""").Model.ShouldBe("a\uFFFDb");

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
