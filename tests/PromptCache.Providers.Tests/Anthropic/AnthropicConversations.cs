namespace PromptCache.Providers.Tests.Anthropic;

/// <summary>Conversations with signed thinking; without, nothing says who answers.</summary>
internal sealed class AnthropicConversations(Random random, bool thinks = true) : RandomConversation(random, """{"type":"web_search_20250305","name":"web_search"}""")
{
    protected override string Thoughts(Random random)
        => thinks ? $$"""","reasoning_details":[{"type":"reasoning.text","text":"t\n","signature":"S","index":{{random.Next(2)}}}]"""" : "";
}
