using System.Collections.Immutable;
using PromptCache.Core.Blocks;
using PromptCache.Core.Store;
using Shouldly;
using Xunit;

namespace PromptCache.Testing.Stores;

/// <summary>What every prefix store must do. A test class per store inherits it.</summary>
public abstract class PrefixStoreContract
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan OneHour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    protected ManualTimeProvider Time { get; } = new();

    /// <summary>The store under test, empty; its lifetimes run on <see cref="Time"/>.</summary>
    protected abstract IPrefixStore Store { get; }

    [Fact]
    public async Task Find_NothingRecorded_None() => (await Find(TestChain.Long(10))).ShouldBe(0);

    [Fact]
    public async Task Find_EmptyChain_None()
    {
        await Record(TestChain.Of());

        (await Find(TestChain.Of())).ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    [InlineData(3000)]
    public async Task Find_RecordedChain_WholeChain(int blocks)
    {
        await Record(TestChain.Long(blocks));

        (await Find(TestChain.Long(blocks))).ShouldBe(blocks);
    }

    [Fact]
    public async Task Find_ChainThatGrew_TheOldPart()
    {
        await Record(TestChain.Long(100));

        (await Find(TestChain.Long(170))).ShouldBe(100);
    }

    [Fact]
    public async Task Find_EveryShorterPrefix_AllOfIt()
    {
        await Record(TestChain.Long(130));

        for (var blocks = 1; blocks <= 130; blocks++)
        {
            (await Find(TestChain.Long(blocks))).ShouldBe(blocks);
        }
    }

    [Fact]
    public async Task Find_LeavesThePathAnywhere_UpToThere()
    {
        await Record(TestChain.Long(130));

        for (var shared = 0; shared < 130; shared++)
        {
            (await Find(TestChain.Of([.. Enumerable.Range(0, shared), -7, .. Enumerable.Range(shared + 1, 20)]))).ShouldBe(shared);
        }
    }

    [Fact]
    public async Task Find_SameTextAfterAnotherBeginning_None()
    {
        await Record(TestChain.Of(1, 2, 3));

        (await Find(TestChain.Of(9, 2, 3))).ShouldBe(0);
        (await Find(TestChain.Of(2, 3))).ShouldBe(0);
    }

    [Fact]
    public async Task Find_SwappedBlocks_NothingFromTheSwapOn()
    {
        await Record(TestChain.Of(1, 2, 3, 4));

        (await Find(TestChain.Of(1, 3, 2, 4))).ShouldBe(1);
    }

    [Fact]
    public async Task Find_AnotherTenant_None()
    {
        await Record(new TestChain().Tenant("a").Segment(1, 2, 3).Build());

        (await Find(new TestChain().Tenant("b").Segment(1, 2, 3).Build())).ShouldBe(0);
    }

    [Fact]
    public async Task Find_SystemPromptSharedByTwoUsers_CachedForTheSecond()
    {
        static TestChain System() => new TestChain().Segment(1, 2, 3).EndTools().Segment(4, 5).EndSystem();
        await Record(System().Segment(10, 11).Build());

        (await Find(System().Segment(20, 21).Build())).ShouldBe(5);
    }

    [Fact]
    public async Task Find_AtTheEndOfTheLifetime_Gone()
    {
        await Record(TestChain.Long(100));
        Time.Advance(FiveMinutes - Tick);
        (await Find(TestChain.Long(100), Tick)).ShouldBe(100);
        Time.Advance(Tick);

        (await Find(TestChain.Long(100))).ShouldBe(0);
    }

    [Fact]
    public async Task Find_UsedInTime_LivesOn()
    {
        await Record(TestChain.Long(100));
        for (var use = 0; use < 5; use++)
        {
            Time.Advance(FiveMinutes - Tick);
            (await Find(TestChain.Long(100))).ShouldBe(100);
        }

        Time.Advance(FiveMinutes);
        (await Find(TestChain.Long(100))).ShouldBe(0);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(100)]
    public async Task Find_PartOfThePath_OnlyThatPartLivesOn(int part)
    {
        await Record(TestChain.Long(150));
        Time.Advance(TimeSpan.FromMinutes(3));
        (await Find(TestChain.Long(part))).ShouldBe(part);
        Time.Advance(TimeSpan.FromMinutes(2));

        (await Find(TestChain.Long(150), Tick)).ShouldBe(part);
        Time.Advance(TimeSpan.FromMinutes(3));
        (await Find(TestChain.Long(150))).ShouldBe(0);
    }

    [Fact]
    public async Task Find_ShorterLifetimeAsked_NothingIsShortened()
    {
        await Record(TestChain.Long(70), OneHour);
        await Find(TestChain.Long(70), Tick);
        await Record(TestChain.Long(70), FiveMinutes);
        Time.Advance(OneHour - Tick);

        (await Find(TestChain.Long(70))).ShouldBe(70);
    }

    [Fact]
    public async Task Record_Twice_AsOnce()
    {
        await Record(TestChain.Long(100));
        await Record(TestChain.Long(100));
        (await Find(TestChain.Long(120))).ShouldBe(100);
        Time.Advance(FiveMinutes);

        (await Find(TestChain.Long(100))).ShouldBe(0);
    }

    [Fact]
    public async Task Record_AfterItExpired_KnownAgain()
    {
        await Record(TestChain.Long(100));
        Time.Advance(FiveMinutes);
        await Record(TestChain.Long(40));
        (await Find(TestChain.Long(100))).ShouldBe(40);
        await Record(TestChain.Long(100));

        (await Find(TestChain.Long(100))).ShouldBe(100);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(64)]
    [InlineData(90)]
    public async Task Record_Sibling_DoesNotKeepItsSiblingAlive(int shared)
    {
        var one = TestChain.Of([.. Enumerable.Range(0, shared), .. Enumerable.Range(1000, 60)]);
        var other = TestChain.Of([.. Enumerable.Range(0, shared), .. Enumerable.Range(2000, 60)]);
        await Record(one);
        Time.Advance(TimeSpan.FromMinutes(3));
        await Record(other);
        Time.Advance(TimeSpan.FromMinutes(2));

        (await Find(one)).ShouldBe(shared);
        (await Find(other)).ShouldBe(shared + 60);
    }

    [Fact]
    public async Task Record_ManySiblingsOfOneTemplate_EachIsFound()
    {
        static BlockChain Sibling(int i) => TestChain.Of(0, 1, 100 + (i * 3), 101 + (i * 3), 102 + (i * 3));
        for (var i = 0; i < 300; i++)
        {
            await Record(Sibling(i));
        }

        for (var i = 0; i < 300; i++)
        {
            (await Find(Sibling(i))).ShouldBe(5);
        }
    }

    [Fact]
    public async Task Record_LongLivedLeaf_ItsAncestorsLiveAsLong()
    {
        await Record(TestChain.Long(60), FiveMinutes);
        await Record(TestChain.Long(200), OneHour);
        Time.Advance(OneHour - Tick);

        (await Find(TestChain.Long(200))).ShouldBe(200);
    }

    [Fact]
    public async Task Find_Anchors_ThoseThatWereWritten()
    {
        var chain = TestChain.Long(100);
        await Store.RecordAsync(new(chain, FiveMinutes, [new(30, FiveMinutes), new(90, OneHour)], 0), default);

        var match = await Store.FindAsync(new(TestChain.Long(95), FiveMinutes, [10, 30, 31, 90, 95]), default);

        match.Outcome.ShouldBe(StoreOutcome.Answered);
        match.Blocks.ShouldBe(95);
        match.Anchors.ToArray().ShouldBe([30, 90]);
    }

    [Fact]
    public async Task Find_Anchor_LivesOnWithTheLifetimeItWasWrittenWith()
    {
        var chain = TestChain.Long(20);
        await Store.RecordAsync(new(chain, FiveMinutes, [new(10, OneHour), new(20, FiveMinutes)], 0), default);
        Time.Advance(FiveMinutes);
        (await FindAnchors(chain, 10, 20)).ShouldBe([10]);
        Time.Advance(OneHour - Tick);
        (await FindAnchors(chain, 10, 20)).ShouldBe([10]);
        Time.Advance(OneHour);

        (await FindAnchors(chain, 10, 20)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Record_AnchorAgainForLess_KeepsTheLongerLifetime()
    {
        var chain = TestChain.Long(20);
        await Store.RecordAsync(new(chain, FiveMinutes, [new(20, OneHour)], 0), default);
        await Store.RecordAsync(new(chain, FiveMinutes, [new(20, FiveMinutes)], 0), default);
        Time.Advance(OneHour - Tick);
        (await FindAnchors(chain, 20)).ShouldBe([20]);
        Time.Advance(OneHour);
        await Store.RecordAsync(new(chain, FiveMinutes, [new(20, FiveMinutes)], 0), default);
        Time.Advance(FiveMinutes);

        (await FindAnchors(chain, 20)).ShouldBeEmpty("an expired entry's lifetime is forgotten");
    }

    [Fact]
    public async Task Find_PositionsOutsideTheChain_AreNotKnown()
    {
        var chain = TestChain.Long(5);
        await Store.RecordAsync(new(chain, FiveMinutes, [new(5, FiveMinutes)], 0), default);

        (await FindAnchors(chain, 0, 5, 6)).ShouldBe([5]);
    }

    [Fact]
    public async Task Find_Destinations_TheLastFourNewestFirst()
    {
        var chain = TestChain.Long(100);
        foreach (var destination in (uint[])[1, 2, 3, 4, 5, 3, 0])
        {
            await Store.RecordAsync(new(chain, FiveMinutes, [], destination), default);
        }

        (await Store.FindAsync(new(chain, FiveMinutes, []), default)).Destinations.ShouldBe([3u, 5u, 4u, 2u]);
    }

    [Fact]
    public async Task Find_DestinationsOfSiblings_AreTheirOwn()
    {
        var one = TestChain.Of(1, 2, 3, 4);
        var other = TestChain.Of(1, 2, 8, 9);
        await Store.RecordAsync(new(one, FiveMinutes, [], uint.MaxValue), default);
        await Store.RecordAsync(new(other, FiveMinutes, [], 7), default);

        (await Store.FindAsync(new(one, FiveMinutes, []), default)).Destinations.ShouldBe([uint.MaxValue]);
        (await Store.FindAsync(new(other, FiveMinutes, []), default)).Destinations.ShouldBe([7u]);
        (await Store.FindAsync(new(TestChain.Of(1, 2), FiveMinutes, []), default)).Destinations.ShouldBe([7u, uint.MaxValue]);
    }

    [Fact]
    public async Task Record_ManyAtOnce_AllAreFound()
    {
        var chains = Enumerable.Range(0, 64).Select(i => TestChain.Of([0, 1, .. Enumerable.Range(1000 * (i + 1), 40)])).ToArray();
        await Task.WhenAll(chains.Select(chain => Task.Run(async () =>
        {
            await Record(chain);
            (await Find(chain)).ShouldBe(42);
        })));

        foreach (var chain in chains)
        {
            (await Find(chain)).ShouldBe(42);
        }
    }

    [Fact]
    public async Task FindAndRecord_ThreeThousandTurns_AgreeWithTheModel()
    {
        const int Seed = 20261121;
        var random = new Random(Seed);
        var model = new PrefixModel(Time);
        var pool = new ConversationPool(random);
        TimeSpan[] lifetimes = [TimeSpan.FromSeconds(30), FiveMinutes, FiveMinutes, FiveMinutes, OneHour];
        var partial = 0;
        for (var turn = 0; turn < 3000; turn++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(random.Next(50) == 0 ? random.Next(600_000) : random.Next(4_000)));
            var chain = pool.Next();
            var ends = chain.SegmentEnds.ToArray();
            var lookup = new PrefixLookup(chain, lifetimes[random.Next(5)], [.. ends]);
            var expected = model.Find(lookup);
            var found = await Store.FindAsync(lookup, default);

            var where = $"turn {turn} of seed {Seed}, {chain.Count} blocks";
            found.Outcome.ShouldBe(StoreOutcome.Answered, where);
            found.Blocks.ShouldBe(expected.Blocks, where);
            found.Anchors.ToArray().ShouldBe(expected.Anchors, where);
            partial += expected.Blocks > 0 && expected.Blocks < chain.Count ? 1 : 0;

            if (random.Next(10) > 0)
            {
                ImmutableArray<AnchorWrite> anchors = random.Next(2) == 0 ? [] : [new(ends[random.Next(ends.Length)], lifetimes[random.Next(5)])];
                var record = new PrefixRecord(chain, lifetimes[random.Next(5)], anchors, (uint)random.Next(6));
                model.Record(record);
                await Store.RecordAsync(record, default);
            }
        }

        partial.ShouldBeGreaterThan(500, "too few partial matches to mean much");
    }

    [Fact]
    public async Task Find_OnlyALook_FindsTheSame_AndRefreshesNothing()
    {
        var chain = TestChain.Long(130);
        await Store.RecordAsync(new(chain, FiveMinutes, [new(20, FiveMinutes), new(100, OneHour)], 0), default);
        Time.Advance(FiveMinutes - Tick);

        var look = await Store.FindAsync(new(chain, PrefixLookup.Look, [20, 60, 100]), default);
        look.Blocks.ShouldBe(130);
        look.Anchors.ToArray().ShouldBe([20, 100]);
        Time.Advance(Tick);

        look = await Store.FindAsync(new(chain, PrefixLookup.Look, [20, 60, 100]), default);
        look.Blocks.ShouldBe(0);
        look.Anchors.ToArray().ShouldBe([100]);
        Time.Advance(OneHour - FiveMinutes);
        (await Store.FindAsync(new(chain, PrefixLookup.Look, [100]), default)).Anchors.ShouldBeEmpty();
    }

    protected ValueTask Record(BlockChain chain, TimeSpan? ttl = null) => Store.RecordAsync(new(chain, ttl ?? FiveMinutes, [], 0), default);

    protected async Task<int> Find(BlockChain chain, TimeSpan? ttl = null)
    {
        var match = await Store.FindAsync(new(chain, ttl ?? FiveMinutes, []), default);
        match.Outcome.ShouldBe(StoreOutcome.Answered);
        match.Anchors.ShouldBeEmpty();
        return match.Blocks;
    }

    private async Task<ImmutableArray<int>> FindAnchors(BlockChain chain, params int[] positions)
        => (await Store.FindAsync(new(chain, Tick, [.. positions]), default)).Anchors;
}
