using System.Text;

namespace PromptCache.Providers.Tests;

/// <summary>Text that was JSON: cut, overwritten, doubled, or with values of another type.</summary>
internal static class Damaged
{
    private const string Letters = "{}[]\":,\\n0t\u00ff \u0001";

    private static readonly string[] OtherValues = ["5", "null", "{}", "[]", "true", "\"tool_result\"", "\"thinking\"", "\"file\"", "\"refusal\""];

    public static string Copy(string text, Random random)
    {
        var builder = new StringBuilder(text);
        for (var i = random.Next(1, 4); i > 0 && builder.Length > 2; i--)
        {
            var at = random.Next(builder.Length);
            switch (random.Next(4))
            {
                case 0:
                    builder.Remove(at, Math.Min(random.Next(1, 12), builder.Length - at));
                    break;
                case 1:
                    builder[at] = Letters[random.Next(Letters.Length)];
                    break;
                case 2:
                    var from = random.Next(text.Length);
                    builder.Insert(at, text.AsSpan(from, Math.Min(9, text.Length - from)));
                    break;
                default:
                    // A value of another type in place of a string: the damage that parses.
                    builder.Replace("\"text\"", OtherValues[random.Next(OtherValues.Length)], at, builder.Length - at);
                    break;
            }
        }

        return builder.ToString();
    }
}
