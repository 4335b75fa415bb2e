using System.Text.RegularExpressions;
using PromptCache.Providers.Tests.Gemini;

namespace PromptCache.Providers.Tests.Anthropic;

/// <summary>Clients that speak Messages, to a provider that does not: what one turn sends is the beginning of what the next one sends.</summary>
public partial class MessagesPropertyTests
{
    private const string ChatTail = """],"max_completion_tokens":9}""";

    // Gemini's contents are followed by the rest; tools stand in front of them.
    private const string GeminiTail = """],"generationConfig":{"maxOutputTokens":9}}""";

    [Fact]
    public void ToChat_ConversationGrows_EarlierTurnIsAPrefix() => ShouldGrow(ChatTail, chat => chat);

    [Theory]
    [InlineData("gemini-2.5-flash")]
    [InlineData("gemini-3-pro")]
    public void ToGemini_ConversationGrows_EarlierTurnIsAPrefix(string model) => ShouldGrow(GeminiTail, chat => GeminiTranslation.Request(chat, model));

    // The same provider twice: what comes in as Messages and goes out as Messages keeps its bytes too, and its thinking is the provider's own.
    [Theory]
    [InlineData("claude-sonnet-4-5")]
    [InlineData("claude-opus-4-8")]
    public void ToChatAndBack_ConversationGrows_EarlierTurnIsAPrefix(string model) => ShouldGrow("""],"max_tokens":9}""", chat => Translation.Request(chat, model));

    private static void ShouldGrow(string tail, Func<string, string> translate)
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var conversation = new RandomMessages(new Random(seed));
            var before = "";
            for (var turn = 0; turn < 6; turn++)
            {
                conversation.Grow();
                var text = Markers().Replace(translate(Inbound.ToChat(conversation.ToJson())), "");
                text.ShouldEndWith(tail, customMessage: $"seed {seed}, turn {turn}");
                text.ShouldStartWith(before, Case.Sensitive, $"seed {seed}, turn {turn}");
                before = text[..^tail.Length];
            }
        }
    }

    [GeneratedRegex(""","cache_control":\{[^}]*\}""", RegexOptions.None, 1000)]
    private static partial Regex Markers();
}
