using PromptCache.Core.Blocks;
using PromptCache.Core.Store;
using PromptCache.Testing.Stores;

namespace PromptCache.Core.Tests.Store;

public sealed class InProcessPrefixStoreTests : PrefixStoreContract
{
    public InProcessPrefixStoreTests() => Store = new InProcessPrefixStore(Time);

    protected override IPrefixStore Store { get; }

    [Fact]
    public async Task Record_MoreThanFits_StaysWithinTheBoundAndKeepsWhatIsUsed()
    {
        const long Limit = 1024 * 1024;
        var store = new InProcessPrefixStore(Time, Limit);
        var used = TestChain.Long(400, first: 1_000_000);
        await store.RecordAsync(new(used, TimeSpan.FromHours(1), [], 0), default);
        for (var i = 0; i < 400; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(1));
            await store.RecordAsync(new(TestChain.Long(300, first: i * 1000), TimeSpan.FromHours(1), [], 0), default);
            (await store.FindAsync(new(used, TimeSpan.FromHours(1), []), default)).Blocks.ShouldBe(400);
            store.Bytes.ShouldBeLessThanOrEqualTo(Limit);
        }

        (await store.FindAsync(new(TestChain.Long(300), TimeSpan.FromHours(1), []), default)).Blocks.ShouldBe(0);
        store.Bytes.ShouldBeGreaterThan(Limit / 2);
    }

    [Fact]
    public async Task Find_AskedBeforeItBecameKnown_FindsOnlyWhatWasKnownThen()
    {
        var ttl = TimeSpan.FromMinutes(5);
        var store = new InProcessPrefixStore(Time);
        var chain = TestChain.Long(40);
        await store.RecordAsync(new(TestChain.Long(10), ttl, [new(10, ttl)], 0) { Since = 5 }, default);
        await store.RecordAsync(new(chain, ttl, [new(10, ttl), new(40, ttl)], 0) { Since = 8 }, default);

        foreach (var (asOf, blocks, anchors) in ((long, int, int[])[])[(4, 0, []), (5, 10, [10]), (7, 10, [10]), (8, 40, [10, 40]), (long.MaxValue, 40, [10, 40])])
        {
            var match = await store.FindAsync(new(chain, ttl, [10, 40]) { AsOf = asOf }, default);
            match.Blocks.ShouldBe(blocks);
            match.Anchors.ShouldBe(anchors);
        }

        // Cut where a shorter use ends, and known anew after it expired.
        await store.FindAsync(new(TestChain.Long(20), TimeSpan.FromMinutes(9), []), default);
        (await store.FindAsync(new(chain, ttl, []) { AsOf = 7 }, default)).Blocks.ShouldBe(10);
        Time.Advance(TimeSpan.FromMinutes(10));
        await store.RecordAsync(new(chain, ttl, [new(10, ttl)], 0) { Since = 20 }, default);
        (await store.FindAsync(new(chain, ttl, [10]) { AsOf = 19 }, default)).Blocks.ShouldBe(0);
        (await store.FindAsync(new(chain, ttl, [10]) { AsOf = 20 }, default)).Anchors.ShouldBe([10]);
    }

    [Fact]
    public async Task Record_BranchesBeyondTheBound_WhatIsFoundIsAPrefix()
    {
        // The shared beginning is used by every branch, so it outlives each of them: evicted ends never leave a hole behind.
        var store = new InProcessPrefixStore(Time, 1024 * 1024);
        for (var i = 0; i < 600; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(1));
            await store.RecordAsync(new(Branch(i), TimeSpan.FromHours(1), [], 0), default);
        }

        (await store.FindAsync(new(Branch(0), TimeSpan.FromHours(1), []), default)).Blocks.ShouldBe(50);
        (await store.FindAsync(new(Branch(599), TimeSpan.FromHours(1), []), default)).Blocks.ShouldBe(350);

        static BlockChain Branch(int i) => TestChain.Of([.. Enumerable.Range(0, 50), .. Enumerable.Range((i + 1) * 1000, 300)]);
    }

    [Fact]
    public async Task Record_AfterEverythingExpired_MemoryIsGivenBack()
    {
        var store = new InProcessPrefixStore(Time);
        for (var i = 0; i < 100; i++)
        {
            await store.RecordAsync(new(TestChain.Of([0, .. Enumerable.Range(i * 1000, 50)]), TimeSpan.FromMinutes(5), [new(50, TimeSpan.FromMinutes(5))], 0), default);
        }

        var full = store.Bytes;
        Time.Advance(TimeSpan.FromMinutes(5));
        for (var i = 0; i < 40; i++)
        {
            await store.RecordAsync(new(TestChain.Of(0), TimeSpan.FromMinutes(5), [], 0), default);
        }

        store.Bytes.ShouldBeLessThan(full / 20);
    }

    [Fact]
    public async Task Bytes_ManyUses_AccountsForEveryCut()
    {
        // Whatever was cut, replaced and expired on the way: when all is gone nothing may be left on the books.
        const int Seed = 77;
        var random = new Random(Seed);
        var store = new InProcessPrefixStore(Time);
        var pool = new ConversationPool(random);
        for (var turn = 0; turn < 1500; turn++)
        {
            Time.Advance(TimeSpan.FromSeconds(random.Next(20)));
            var chain = pool.Next();
            await store.FindAsync(new(chain, TimeSpan.FromMinutes(5), []), default);
            await store.RecordAsync(new(chain, TimeSpan.FromMinutes(random.Next(1, 9)), [], 1), default);
        }

        Time.Advance(TimeSpan.FromHours(2));
        var shards = Enumerable.Range(0, 4000).Select(i => TestChain.Long(1, first: -50_000 - i)).ToArray();
        foreach (var chain in shards)
        {
            await store.RecordAsync(new(chain, TimeSpan.FromTicks(1), [], 0), default);
        }

        Time.Advance(TimeSpan.FromHours(2));
        for (var round = 0; round < 3; round++)
        {
            foreach (var chain in shards)
            {
                await store.RecordAsync(new(chain, TimeSpan.FromTicks(1), [], 0), default);
                Time.Advance(TimeSpan.FromTicks(2));
            }
        }

        store.Bytes.ShouldBeLessThanOrEqualTo(32 * 208, $"seed {Seed}: one expired block per shard may be left");
    }

    [Fact]
    public async Task FindAndRecord_FromManyThreads_StaysWhole()
    {
        var store = new InProcessPrefixStore(TimeProvider.System, 1024 * 1024);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 2000; i++)
            {
                var chain = TestChain.Of([random.Next(4), 1, 2, .. Enumerable.Range(random.Next(50) * 10, random.Next(1, 60))]);
                var found = await store.FindAsync(new(chain, TimeSpan.FromMilliseconds(random.Next(1, 50)), []), default);
                found.Blocks.ShouldBeInRange(0, chain.Count);
                await store.RecordAsync(new(chain, TimeSpan.FromMilliseconds(random.Next(1, 50)), [new(1, TimeSpan.FromSeconds(1))], 1), default);
            }
        })));

        store.Bytes.ShouldBeInRange(0, 1024 * 1024);
    }
}
