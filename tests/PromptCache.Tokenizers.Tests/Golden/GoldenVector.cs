namespace PromptCache.Tokenizers.Tests.Golden;

/// <summary>What tiktoken makes of one text.</summary>
internal sealed record GoldenVector(string Name, byte[] Text, int[] O200k, int[] Cl100k)
{
    public int[] For(string encoding) => encoding == "o200k_base" ? O200k : Cl100k;
}
