using PromptCache.Gateway.Routing;
using PromptCache.Testing;

namespace PromptCache.Gateway.Tests.Routing;

/// <summary>Who holds which conversation is remembered within a bound, the latest ones for certain.</summary>
public sealed class ConversationMemoryTests
{
    private static readonly HeldPrefix Held = new("b", "m", Tokens: 1000, Explicit: false, PromptTokens: 1000, CompletionTokens: 10, BodyBytes: 4000);

    [Fact]
    public void Remember_FarMoreThanTheBound_HoldsTwoGenerationsAndTheLatestForCertain()
    {
        const int Many = (5 * ConversationMemory.Generation) + 7;
        var memory = new ConversationMemory(new ManualTimeProvider());

        for (var i = 0; i < Many; i++)
        {
            memory.Remember($"conversation {i}", Held, TimeSpan.FromMinutes(5));
            memory.Remember("one that goes on", Held, TimeSpan.FromMinutes(5));
            memory.Count.ShouldBeLessThanOrEqualTo(2 * ConversationMemory.Generation);
        }

        memory.HeldOf("conversation 0").ShouldBeNull();
        memory.HeldOf("one that goes on").ShouldBe(Held);
        for (var i = Many - ConversationMemory.Generation + 1; i < Many; i++)
        {
            memory.HeldOf($"conversation {i}").ShouldBe(Held);
        }
    }
}
