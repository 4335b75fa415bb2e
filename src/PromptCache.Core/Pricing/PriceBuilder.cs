using System.Buffers;

namespace PromptCache.Core.Pricing;

/// <summary>Makes a price file of a base list and an overlay: what the shipped book is built with, and what a refresh runs.</summary>
internal static class PriceBuilder
{
    // Providers with a policy or a protocol here. Bedrock for Claude only: the rest speaks another protocol.
    private static readonly string[] Providers =
    [
        "anthropic", "azure", "azure_ai", "bedrock", "deepseek", "fireworks", "gemini", "groq", "mistral", "moonshot",
        "openai", "openrouter", "qwen", "together", "vertex", "xai", "zai",
    ];

    /// <summary>Converts LiteLLM's list, keeps the providers of the shipped book, and lays the overlay over it.</summary>
    public static PriceTable Build(ReadOnlyMemory<byte> liteLlm, ReadOnlySpan<byte> overlay, DateOnly asOf, List<PriceProblem> problems)
    {
        var converted = LiteLlmFile.Read(liteLlm, problems).Where(IsShipped);
        return new(new(PriceHeader.Current, asOf, LiteLlmSource), PriceOverlay.Read(overlay, problems).Apply(converted, problems));
    }

    public static byte[] ToBytes(PriceTable table)
    {
        var buffer = new ArrayBufferWriter<byte>(256 * 1024);
        PriceFile.Write(table, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    internal const string LiteLlmSource = "LiteLLM model_prices_and_context_window.json (MIT)";

    private static bool IsShipped(PriceLine line)
        => Providers.Contains(line.Provider, StringComparer.Ordinal)
            && (line.Provider != "bedrock" || (line.Model!.Contains("claude", StringComparison.Ordinal) && !line.Model.Contains("commitment", StringComparison.Ordinal)));
}
