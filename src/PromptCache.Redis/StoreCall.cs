using StackExchange.Redis;

namespace PromptCache.Redis;

/// <summary>What one run of a script is about: some consecutive pages of a chain, and some of its anchors.</summary>
internal sealed class StoreCall
{
    private StoreCall(RedisKey[] keys, byte[] counts, byte[] ids, byte[] checks, int firstPage, int[] anchors)
        => (Keys, Counts, Ids, Checks, FirstPage, Anchors) = (keys, counts, ids, checks, firstPage, anchors);

    /// <summary>The pages, then the anchors.</summary>
    public RedisKey[] Keys { get; }

    /// <summary>For each page the number of its blocks after the first.</summary>
    public byte[] Counts { get; }

    /// <summary>The ids of those blocks, or their beginnings, of equal length.</summary>
    public byte[] Ids { get; }

    /// <summary>For each page the check of its last block.</summary>
    public byte[] Checks { get; }

    public int FirstPage { get; }

    /// <summary>The anchors' positions, in blocks.</summary>
    public int[] Anchors { get; }

    /// <param name="keys">The key grammar.</param>
    /// <param name="pages">The chain.</param>
    /// <param name="first">The first page.</param>
    /// <param name="end">The page after the last.</param>
    /// <param name="anchors">Positions inside the chain.</param>
    /// <param name="idBytes">How much of each id is sent.</param>
    public static StoreCall Of(StoreKeys keys, ChainPages pages, int first, int end, int[] anchors, int idBytes)
    {
        var chain = pages.Chain;
        var (trunk, branch) = (StoreKeys.TrunkTag(chain), StoreKeys.BranchTag(chain));
        var names = new RedisKey[end - first + anchors.Length];
        var counts = new byte[end - first];
        var ids = new byte[(pages.StartOf(end) - pages.StartOf(first) - counts.Length) * idBytes];
        var checks = new byte[counts.Length * StoreKeys.CheckBytes];
        var next = ids.AsSpan();
        for (var page = first; page < end; page++)
        {
            var start = pages.StartOf(page);
            var stop = pages.StartOf(page + 1);
            names[page - first] = keys.Page(page < pages.FirstBranchPage ? trunk : branch, chain.HashOf(start));
            counts[page - first] = (byte)(stop - start - 1);
            chain.HashOf(stop - 1).Slice(StoreKeys.IdBytes, StoreKeys.CheckBytes).CopyTo(checks.AsSpan((page - first) * StoreKeys.CheckBytes));
            for (var block = start + 1; block < stop; block++)
            {
                chain.HashOf(block)[..idBytes].CopyTo(next);
                next = next[idBytes..];
            }
        }

        for (var i = 0; i < anchors.Length; i++)
        {
            names[counts.Length + i] = keys.Anchor(anchors[i] <= chain.SystemEnd ? trunk : branch, chain.HashOf(anchors[i] - 1));
        }

        return new(names, counts, ids, checks, first, anchors);
    }
}
