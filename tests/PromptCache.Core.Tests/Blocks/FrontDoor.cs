using System.Text;
using PromptCache.Core.Blocks;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Core.Tokens;

namespace PromptCache.Core.Tests.Blocks;

/// <summary>From a client's JSON to segments and chain, the way the gateway goes.</summary>
internal static class FrontDoor
{
    private static readonly ChainIdentity Identity = new("acme", "provider", "a-model", "words");

    public static SegmentList Cut(string json)
    {
        PromptRequestReader.TryRead(Encoding.UTF8.GetBytes(json), out var request, out var readError).ShouldBeTrue(readError?.Message);
        Segmenter.TryCut(request!, out var list, out var cutError).ShouldBeTrue(cutError?.Message);
        return list!;
    }

    public static BlockChain Chain(string json, ModelTokenizer? model = null)
    {
        using var list = Cut(json);
        return new ChainBuilder("0123456789abcdef0123456789abcdef"u8.ToArray(), memoBytes: 0).Build(Identity, list, model ?? new WordTokenizer().Model());
    }

    /// <summary>The leading blocks that two requests share.</summary>
    public static int Common(string left, string right)
    {
        var (a, b) = (Chain(left), Chain(right));
        var common = 0;
        while (common < Math.Min(a.Count, b.Count) && a.HashOf(common).SequenceEqual(b.HashOf(common)))
        {
            common++;
        }

        return common;
    }
}
