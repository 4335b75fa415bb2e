using System.Buffers.Binary;
using System.Collections.Concurrent;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Tokens;

namespace PromptCache.Core.Blocks;

/// <summary>Segments to chain: tokenizes what the memo does not know, hashes the rest.</summary>
/// <param name="secret">The deployment's key: the root is an HMAC with it.</param>
/// <param name="memoBytes">What the segment memo may hold.</param>
public sealed class ChainBuilder(ReadOnlyMemory<byte> secret, long memoBytes)
{
    /// <summary>Tokens per block, at most.</summary>
    public const int BlockTokens = 128;

    /// <summary>No salt of a level is that short.</summary>
    private static readonly byte[] DroppedThinking = [0];

    private readonly ChainKeys _keys = new(secret);
    private readonly SegmentMemo _memo = new(memoBytes);
    private readonly ConcurrentDictionary<ITokenizer, MessageCost> _messageCosts = new();

    /// <summary>What the segment memo holds now, in bytes.</summary>
    public long MemoBytes => _memo.Bytes;

    /// <summary>Builds the chain. Thread-safe; CPU-bound, and cheap when the segments are known.</summary>
    /// <param name="identity">Whose prefix it is.</param>
    /// <param name="segments">The prompt.</param>
    /// <param name="tokenizer">How its tokens are counted.</param>
    /// <param name="saltLevels">Whether <see cref="SegmentList.SystemSalt"/> and <see cref="SegmentList.MessagesSalt"/> enter where their levels begin: what the cache policy says.</param>
    /// <param name="dropThinking">Whether what was thought before the last user turn is left out of the prompt: what the cache policy says of the model.</param>
    public BlockChain Build(in ChainIdentity identity, SegmentList segments, ModelTokenizer tokenizer, bool saltLevels = true, bool dropThinking = false)
    {
        var scratch = ChainScratch.Take();
        try
        {
            var (root, scope) = _keys.Of(identity);
            var reader = new SegmentReader(_memo, scratch, scope, tokenizer);
            foreach (ref readonly var segment in segments.Segments)
            {
                reader.Read(segments, segment);
            }

            return Link(root, segments, tokenizer, saltLevels, dropThinking ? segments.LastUserTurn() : -1, scratch);
        }
        finally
        {
            scratch.Clear();
        }
    }

    private BlockChain Link(ReadOnlySpan<byte> root, SegmentList segments, ModelTokenizer model, bool saltLevels, int dropBefore, ChainScratch scratch)
    {
        var blocks = 0;
        foreach (var known in scratch.Pieces)
        {
            blocks += known.Blocks;
        }

        var costs = _messageCosts.GetOrAdd(model.Tokenizer, static t => new MessageCost(t));
        var hashes = new byte[blocks * BlockChain.HashSize];
        var tokens = new int[blocks];
        var segmentEnds = new int[segments.Count];
        var tip = new ChainTip(scratch.Hasher, root, hashes);
        var (toolsEnd, systemEnd, before, piece) = (0, 0, 0, 0);
        var salted = saltLevels ? SegmentLevel.Tools : SegmentLevel.Messages;

        for (var i = 0; i < segments.Count; i++)
        {
            ref readonly var segment = ref segments[i];
            for (; salted < segment.Level; salted++)
            {
                tip.Salt(salted == SegmentLevel.Tools ? segments.SystemSalt.Span : segments.MessagesSalt);
            }

            var isDropped = i < dropBefore && segment.Kind == SegmentKind.Reasoning;
            if (isDropped)
            {
                tip.Salt(DroppedThinking);
            }

            var first = tip.Blocks;
            for (; piece < scratch.PieceEnds[i]; piece++)
            {
                tip.Append(scratch.Pieces[piece]);
            }

            var overhead = segment.StartsMessage ? costs.Of(segment.Role, segment.Name.Of(segments.Bytes.Span), model.Format) : 0;
            var end = IsLastTool(segments, i) ? ToolTokenRule.ListEnd : segment.FixedTokens;
            var last = scratch.Pieces[piece - 1];
            var billed = isDropped ? 0 : last.Billed < 0 ? last.Ids : last.Billed + model.Format.FunctionInit;
            before = Count(tokens.AsSpan(first..tip.Blocks), before + overhead, last.Ids, billed, end);
            segmentEnds[i] = tip.Blocks;
            toolsEnd = segment.Level == SegmentLevel.Tools ? tip.Blocks : toolsEnd;
            systemEnd = segment.Level <= SegmentLevel.System ? tip.Blocks : systemEnd;
        }

        return new BlockChain(hashes, tokens, segmentEnds, toolsEnd, systemEnd, before + model.Format.ReplyPriming, BinaryPrimitives.ReadUInt32BigEndian(root));
    }

    private static bool IsLastTool(SegmentList segments, int index)
        => segments[index].Level == SegmentLevel.Tools && (index + 1 == segments.Count || segments[index + 1].Level != SegmentLevel.Tools);

    /// <summary>Writes the tokens up to each block of one segment. Where a rule bills another number than the ids, it is spread over the blocks by their ids.</summary>
    /// <returns>The tokens up to the segment's end.</returns>
    private static int Count(Span<int> tokens, int start, int ids, int billed, int end)
    {
        for (var i = 0; i < tokens.Length - 1; i++)
        {
            tokens[i] = start + (int)((i + 1L) * BlockTokens * billed / ids);
        }

        return tokens[^1] = start + billed + end;
    }
}
