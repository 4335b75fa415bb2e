using System.Reflection;

namespace PromptCache.Core.Pricing;

/// <summary>The price data in this assembly.</summary>
internal static class PriceResources
{
    public static PriceBook LoadShipped()
    {
        var problems = new List<PriceProblem>();
        var book = PriceFile.Read(Bytes("prices.jsonl"), problems)?.ToBook(problems);
        return book is not null && !problems.Exists(p => p.IsError)
            ? book
            : throw new InvalidOperationException($"The shipped price book is damaged: {string.Join("; ", problems)}");
    }

    public static byte[] Overlay() => Bytes("overlay.jsonl");

    private static byte[] Bytes(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"PromptCache.Core.Pricing.{name}")
            ?? throw new InvalidOperationException($"The assembly lacks {name}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
