using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using PromptCache.Core.Tokens;

namespace PromptCache.Simulator.Caching;

/// <summary>Parts to positions. Texts that were seen before are not tokenized again, so that a growing conversation stays cheap.</summary>
internal sealed class PromptMeter
{
    /// <summary>Tokens per block, at most. The grid restarts at every part.</summary>
    public const int BlockTokens = 128;

    private const int MemoLimit = 20_000;

    private readonly ConcurrentDictionary<(string Encoding, UInt128 Text), MeasuredText> _memo = new();

    /// <summary>Measures a prompt.</summary>
    /// <param name="root">Whose prefix it is, and which model's.</param>
    /// <param name="parts">The parts in the order in which the provider reads them.</param>
    /// <param name="messagesSalt">What invalidates the messages level alone; empty when nothing does.</param>
    /// <param name="tail">Tokens behind the last part.</param>
    /// <param name="tokenizer">The model's encoding.</param>
    public MeasuredPrompt Measure(UInt128 root, IReadOnlyList<PromptPart> parts, string messagesSalt, int tail, ITokenizer tokenizer)
    {
        var digests = new List<UInt128>();
        var tokensAt = new List<int>();
        var partEnds = new int[parts.Count];
        var (link, tokens, salted) = (root, 0, messagesSalt.Length == 0);
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            if (!salted && part.Level == PromptLevel.Messages)
            {
                (link, salted) = (Digest.Link(link, Digest.Of(messagesSalt)), true);
            }

            link = Digest.Link(link, Digest.Of($"{part.Level}\n{part.Tag}"));
            tokens += part.ExtraTokens;
            var text = Measure(part.Text, tokenizer);
            for (var block = 0; block < text.Blocks.Length; block++)
            {
                link = Digest.Link(link, text.Blocks[block]);
                digests.Add(link);
                tokensAt.Add(tokens + Upto(part, text, Math.Min((block + 1) * BlockTokens, text.Tokens)));
            }

            tokens += Upto(part, text, text.Tokens) + part.TailTokens;
            tokensAt[^1] = tokens;
            partEnds[i] = digests.Count - 1;
        }

        return new([.. digests], [.. tokensAt], partEnds, parts, tokens + tail);
    }

    /// <summary>The tokens of one text.</summary>
    public int Count(byte[] text, ITokenizer tokenizer) => Measure(text, tokenizer).Tokens;

    // A count by a rule is spread over the text's tokens.
    private static int Upto(PromptPart part, MeasuredText text, int tokens)
        => part.Billed is { } billed ? (tokens == text.Tokens ? billed : (int)((long)billed * tokens / text.Tokens)) : tokens;

    private MeasuredText Measure(byte[] text, ITokenizer tokenizer)
    {
        var key = (tokenizer.Name, Digest.Of(text));
        if (_memo.TryGetValue(key, out var known))
        {
            return known;
        }

        var ids = new List<int>();
        tokenizer.Encode(text, ids);
        var blocks = new List<UInt128>();
        for (var start = 0; start < Math.Max(1, ids.Count); start += BlockTokens)
        {
            blocks.Add(Digest.Of(CollectionsMarshal.AsSpan(ids)[start..Math.Min(ids.Count, start + BlockTokens)]));
        }

        if (_memo.Count >= MemoLimit)
        {
            _memo.Clear();
        }

        return _memo[key] = new(ids.Count, [.. blocks]);
    }
}
