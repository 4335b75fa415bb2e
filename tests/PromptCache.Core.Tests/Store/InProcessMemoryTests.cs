using PromptCache.Core.Blocks;
using PromptCache.Core.Store;

namespace PromptCache.Core.Tests.Store;

/// <summary>What the in-process store says it takes against what it takes. Alone, because the heap is everybody's.</summary>
[Collection(nameof(InProcessMemoryTests))]
[CollectionDefinition(nameof(InProcessMemoryTests), DisableParallelization = true)]
public sealed class InProcessMemoryTests
{
    private const long Limit = 32 * 1024 * 1024;

    [Theory]
    [InlineData(1, 4)]
    [InlineData(1, 40)]
    [InlineData(100, 600)]
    public async Task Record_RandomPromptsFarBeyondTheBound_HeapIsWhatIsAccounted(int fewest, int most)
    {
        var random = new Random(fewest + most);
        var time = new PromptCache.Testing.ManualTimeProvider();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var store = new InProcessPrefixStore(time, Limit);
        var stem = Chain(random, [], most);
        for (var written = 0L; written < 4 * Limit; written += 192 + (stem.Count * 16))
        {
            // Half of them go on from somewhere in the prompt before, as conversations and their branches do.
            stem = Chain(random, random.Next(2) == 0 ? [] : stem.Hashes[..(random.Next(stem.Count) * BlockChain.HashSize)], random.Next(fewest, most));
            await store.RecordAsync(new(stem, TimeSpan.FromMinutes(5), random.Next(4) == 0 ? [new(stem.Count, TimeSpan.FromHours(1))] : [], (uint)random.Next(3)), default);
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var heap = GC.GetTotalMemory(forceFullCollection: true) - before;

        store.Bytes.ShouldBeInRange(Limit / 2, Limit);
        ((double)heap / store.Bytes).ShouldBeInRange(0.7, 1.3);
        GC.KeepAlive(store);
    }

    private static BlockChain Chain(Random random, ReadOnlySpan<byte> stem, int more)
    {
        var hashes = new byte[stem.Length + (more * BlockChain.HashSize)];
        stem.CopyTo(hashes);
        random.NextBytes(hashes.AsSpan(stem.Length));
        var blocks = hashes.Length / BlockChain.HashSize;
        return new BlockChain(hashes, new int[blocks], [blocks], toolsEnd: 0, systemEnd: 0, totalTokens: blocks, rootTag: 0);
    }
}
