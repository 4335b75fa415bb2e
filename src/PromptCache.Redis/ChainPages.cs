using PromptCache.Core.Blocks;

namespace PromptCache.Redis;

/// <summary>A chain cut into pages. Where a page begins depends on what stands before it only, so a prompt that grows keeps its pages.</summary>
/// <remarks>
/// A page begins where the tools, the system level or the messages begin; after 128 blocks, or after 8 in the first page of
/// a level; and at a segment's start when the page before is long enough: 8 blocks near the root, and an eighth of all before it deep in a long prompt, which few others share.
/// It is known by its first block, so that conversations which share a system prompt or a template part ways into keys of their own: whatever begins alike and differs later fills the short first page with short branches only.
/// </remarks>
internal sealed class ChainPages
{
    public const int MaxBlocks = 128;
    public const int MinBlocks = 8;

    /// <summary>Beyond it a chain is not followed: it bounds what one absurd prompt costs the server. A prompt of 1M tokens has 64 to 85 pages.</summary>
    public const int MaxPages = 1024;

    private readonly List<int> _starts = [];

    public ChainPages(BlockChain chain)
    {
        Chain = chain;
        var ends = chain.SegmentEnds;
        var segment = 0;
        var start = 0;
        var limit = MaxBlocks;
        for (var block = 0; block < chain.Count; block++)
        {
            while (segment < ends.Length && ends[segment] < block)
            {
                segment++;
            }

            var atSegmentStart = segment < ends.Length && ends[segment] == block;
            var atLevelStart = block == 0 || block == chain.ToolsEnd || block == chain.SystemEnd;
            if (atLevelStart || block - start == limit || (atSegmentStart && block - start >= Math.Max(MinBlocks, block / 8)))
            {
                if (_starts.Count == MaxPages)
                {
                    break;
                }

                start = block;
                limit = atLevelStart ? MinBlocks : MaxBlocks;
                _starts.Add(block);
                FirstBranchPage += block < chain.SystemEnd ? 1 : 0;
            }

            End = block + 1;
        }
    }

    public BlockChain Chain { get; }

    public int Count => _starts.Count;

    /// <summary>The pages before it hold tools and system; those from there on the messages.</summary>
    public int FirstBranchPage { get; }

    /// <summary>The number of blocks that the pages hold.</summary>
    public int End { get; }

    /// <summary>The blocks before a page; for the page after the last, all of them.</summary>
    public int StartOf(int page) => page < Count ? _starts[page] : End;
}
