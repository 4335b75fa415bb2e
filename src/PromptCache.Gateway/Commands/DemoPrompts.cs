using System.Text;
using PromptCache.Core.Tokens;

namespace PromptCache.Gateway.Commands;

/// <summary>Texts of an exact number of tokens.</summary>
internal static class DemoPrompts
{
    private static readonly string[] Sentences =
    [
        "You are the support assistant of a company that sells hiking gear.",
        "Answer politely and in full sentences.",
        "Returns are free within thirty days if the article is unused.",
        "Never promise a delivery date that the carrier has not confirmed.",
        "Ask for the order number before you look anything up.",
        "Refer questions about warranty to the manufacturer.",
    ];

    /// <summary>A text of <paramref name="tokens"/> tokens that begins with <paramref name="start"/>.</summary>
    public static string Text(ITokenizer tokenizer, int tokens, string start)
    {
        var text = new StringBuilder(start);
        for (var i = 0; ; i++)
        {
            var sentence = " " + Sentences[i % Sentences.Length];
            if (Count(text + sentence) > tokens)
            {
                break;
            }

            text.Append(sentence);
        }

        while (Count(text.ToString()) < tokens)
        {
            text.Append(" and");
        }

        return text.ToString();

        int Count(string candidate) => tokenizer.Count(Encoding.UTF8.GetBytes(candidate));
    }
}
