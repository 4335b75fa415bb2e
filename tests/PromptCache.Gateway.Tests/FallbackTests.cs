using System.Net;
using System.Text;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Gateway.Tests;

/// <summary>When one provider fails, the next one serves.</summary>
public sealed class FallbackTests
{
    private static readonly string Body = Bodies.Chat(("user", "hi"));

    [Theory]
    [InlineData("429")]
    [InlineData("503")]
    [InlineData("hang")]
    [InlineData("hang-after-headers")]
    [InlineData("connect-reset")]
    [InlineData("refused")]
    public async Task Chat_FirstFails_TheNextGetsTheWholeRequestWithItsOwnKey(string fault)
    {
        await using var first = await SimulatorHost.StartAsync(new() { Error = fault == "refused" ? null : fault }, cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.StartAsync(Configurations.Fallback(
            $"\"BaseUrl\": \"{(fault == "refused" ? "http://127.0.0.1:9" : first.BaseUrl)}\", \"ApiKey\": \"k0\", \"Timeout\": \"1s\"",
            $"\"BaseUrl\": \"{second.BaseUrl}\", \"ApiKey\": \"k1\""));

        using var response = await gateway.SendAsync(Body, "client");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("x-promptcache-provider").ShouldBe(["p1"]);
        var request = second.Requests.ShouldHaveSingleItem();
        Encoding.UTF8.GetString(request.Body).ShouldBe(Body);
        request.Headers.Authorization.ToString().ShouldBe("Bearer k1");
    }

    [Fact]
    public async Task Chat_FirstRefusesTheRequestItself_NobodyElseIsTried()
    {
        await using var first = await ScriptedUpstream.WithJsonAsync("{\"error\":{}}", status: 400);
        await using var second = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await PairAsync(first, second);

        using var response = await gateway.SendAsync(Body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        second.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Chat_AllFail_TheLastErrorPasses()
    {
        await using var first = await ScriptedUpstream.WithJsonAsync("{\"error\":{\"message\":\"one\"}}", status: 500);
        await using var second = await ScriptedUpstream.WithJsonAsync("{\"error\":{\"message\":\"two\"}}", status: 429);
        await using var gateway = await PairAsync(first, second);

        using var response = await gateway.SendAsync(Body);

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("{\"error\":{\"message\":\"two\"}}");
    }

    [Theory]
    [InlineData("""{"order":["p1"]}""", 200, 0, 1)]
    [InlineData("""{"allow_fallbacks":false}""", 500, 1, 0)]
    public async Task Chat_ProviderOptions_AreHeld(string options, int status, int atFirst, int atSecond)
    {
        await using var first = await ScriptedUpstream.WithJsonAsync("{\"error\":{}}", status: 500);
        await using var second = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await PairAsync(first, second);

        using var response = await gateway.SendAsync($$"""{"provider":{{options}},{{Body[1..]}}""");

        ((int)response.StatusCode).ShouldBe(status);
        (first.Requests.Count, second.Requests.Count).ShouldBe((atFirst, atSecond));
    }

    [Fact]
    public async Task Chat_StreamThatBrokeAfterItsFirstByte_IsNotTriedElsewhere()
    {
        await using var first = await SimulatorHost.StartAsync(new() { Error = "cut" }, cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.StartAsync(Configurations.Fallback($"\"BaseUrl\": \"{first.BaseUrl}\", \"ApiKey\": \"none\"", $"\"BaseUrl\": \"{second.BaseUrl}\", \"ApiKey\": \"none\""));

        // The reset may overtake what was sent, headers included.
        await Should.ThrowAsync<HttpRequestException>(() => gateway.ChatAsync(Bodies.Chat("electron", stream: true, ("user", "hi"))));
        second.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Chat_MarkersThatTheNextProviderRefuses_LeaveTheFirstOnesErrorToTheClient()
    {
        await using var first = await ScriptedUpstream.WithJsonAsync("{\"error\":{\"message\":\"one\"}}", status: 500);
        await using var second = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await using var gateway = await TestGateway.StartAsync(Configurations.Fallback(
            $"\"BaseUrl\": \"{first.BaseUrl}\", \"ApiKey\": \"none\", \"CachePolicy\": \"electron\"",
            $"\"BaseUrl\": \"{second.BaseUrl}\", \"ApiKey\": \"none\", \"CachePolicy\": \"anthropic\""));
        var marked = string.Join(",", Enumerable.Repeat("""{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}""", 5));

        using var response = await gateway.SendAsync($$"""{"model":"electron","messages":[{"role":"user","content":[{{marked}}]}]}""");

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("{\"error\":{\"message\":\"one\"}}");
        second.Requests.ShouldBeEmpty();
    }

    private static Task<TestGateway> PairAsync(ScriptedUpstream first, ScriptedUpstream second)
        => TestGateway.StartAsync(Configurations.Fallback($"\"BaseUrl\": \"{first.BaseUrl}\", \"ApiKey\": \"none\"", $"\"BaseUrl\": \"{second.BaseUrl}\", \"ApiKey\": \"none\""));
}
