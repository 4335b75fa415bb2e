namespace PromptCache.Providers.Tests.Gemini;

/// <summary>Conversations with thought signatures, beside the text and on the calls.</summary>
internal sealed class GeminiConversations(Random random) : RandomConversation(random, """{"googleSearch":{}}""")
{
    protected override string Thoughts(Random random)
        => ""","reasoning_content":"t","reasoning_details":[{"type":"reasoning.encrypted","data":"S+/=","format":"google-gemini-v1","index":0}]""";

    protected override string OnCall(Random random) => random.Next(2) == 0 ? "" : ""","extra_content":{"google":{"thought_signature":"Q+/="}}""";
}
