using PromptCache.Providers.OpenAI;

namespace PromptCache.Providers.Tests.OpenAI;

public class OpenAIProtocolTests
{
    [Fact]
    public void Protocol_IsTheGatewaysOwn_NothingIsTranslated()
    {
        IWireProtocol protocol = new OpenAIProtocol();

        protocol.PathFor("m", stream: false).ShouldBe("/chat/completions");
        protocol.KeyHeader.ShouldBe(("Authorization", "Bearer "));
        protocol.Headers.ShouldBeEmpty();
        protocol.Request.ShouldBeNull();
        protocol.CreateResponse(new("m", "r", 0)).ShouldBeNull();
        protocol.StatusFor(529).ShouldBe(529);
    }
}
