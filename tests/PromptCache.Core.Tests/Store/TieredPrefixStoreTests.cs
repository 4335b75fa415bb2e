using PromptCache.Core.Store;
using PromptCache.Testing;
using PromptCache.Testing.Stores;

namespace PromptCache.Core.Tests.Store;

/// <summary>Behind the contract every answer of the tier is checked against the model; the shared store is one that other gateways write to as well.</summary>
public sealed class TieredPrefixStoreTests
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    private readonly ManualTimeProvider _time = new();
    private readonly InProcessPrefixStore _truth;
    private readonly ChaosStore _shared;
    private readonly TieredPrefixStore _tiered;

    public TieredPrefixStoreTests()
    {
        _truth = new(_time);
        _shared = new(_truth);
        _tiered = new(new InProcessPrefixStore(_time), _shared);
    }

    [Fact]
    public async Task Find_WholeChainRecordedHere_TheSharedStoreIsNotAsked()
    {
        await Record(100);

        (await Find(100)).ShouldBe(100);
        (await Find(40)).ShouldBe(40);
        _shared.Finds.ShouldBe(0);
    }

    [Fact]
    public async Task Find_RecordedElsewhere_FoundThereAndKnownHereFromThenOn()
    {
        await _truth.RecordAsync(new(TestChain.Long(100), FiveMinutes, [], 9), default);
        (await Find(120)).ShouldBe(100);
        (await Find(100)).ShouldBe(100);

        _shared.Finds.ShouldBe(1);
        (await _tiered.FindAsync(new(TestChain.Long(100), FiveMinutes, []), default)).Destinations.ShouldBe([9u]);
    }

    [Fact]
    public async Task Find_AQuarterOfTheLifetimeLater_TheSharedLifetimeIsRefreshed()
    {
        await Record(100);
        _time.Advance(FiveMinutes / 4);
        await Find(100);
        _shared.Finds.ShouldBe(0);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await Find(100);

        _shared.Finds.ShouldBe(1);
        _time.Advance(FiveMinutes - TimeSpan.FromMilliseconds(1));
        (await _truth.FindAsync(new(TestChain.Long(100), FiveMinutes, []), default)).Blocks.ShouldBe(100);
    }

    [Fact]
    public async Task Record_Always_ReachesTheSharedStore()
    {
        await Record(100);
        await Record(100);

        _shared.Records.ShouldBe(2);
    }

    [Fact]
    public async Task Record_SharedStoreFails_NothingIsClaimedHere()
    {
        _shared.Fault = new IOException();
        await Should.ThrowAsync<IOException>(async () => await Record(100));
        _shared.Fault = null;

        (await Find(100)).ShouldBe(0);
    }

    [Fact]
    public async Task Record_SharedStoreIsSlow_TheLifetimeCountsFromBeforeTheCall()
    {
        _shared.Gate = new();
        var record = Record(100);
        _time.Advance(FiveMinutes);
        _shared.Gate.SetResult();
        await record;
        _shared.Gate = null;
        _shared.Fault = new IOException();

        await Should.ThrowAsync<IOException>(async () => await Find(100), "nothing here to answer from");
    }

    [Fact]
    public async Task Find_AnchorsWrittenHere_AnsweredHere()
    {
        await _tiered.RecordAsync(new(TestChain.Long(30), FiveMinutes, [new(20, FiveMinutes)], 0), default);

        var match = await _tiered.FindAsync(new(TestChain.Long(30), FiveMinutes, [20]), default);
        match.Anchors.ToArray().ShouldBe([20]);
        _shared.Finds.ShouldBe(0);
        await _tiered.FindAsync(new(TestChain.Long(30), FiveMinutes, [10, 20]), default);
        _shared.Finds.ShouldBe(1, "an anchor that is not known here may be known there");
    }

    [Fact]
    public async Task Find_ManyTurnsOfTwoGateways_NeverMoreThanTheTruth()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        var other = new TieredPrefixStore(new InProcessPrefixStore(_time), _truth);
        var model = new PrefixModel(_time);
        var pool = new ConversationPool(random);
        var exact = 0;
        for (var turn = 0; turn < 2000; turn++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(30) == 0 ? random.Next(400_000) : random.Next(5_000)));
            var chain = pool.Next();
            var gateway = random.Next(2) == 0 ? _tiered : other;
            var lookup = new PrefixLookup(chain, FiveMinutes, []);
            var expected = model.Find(lookup).Blocks;
            var found = (await gateway.FindAsync(lookup, default)).Blocks;
            found.ShouldBeLessThanOrEqualTo(expected, $"turn {turn} of seed {Seed}");
            exact += found == expected ? 1 : 0;

            if (random.Next(10) > 0)
            {
                var record = new PrefixRecord(chain, FiveMinutes, [], 1);
                model.Record(record);
                await gateway.RecordAsync(record, default);
            }
        }

        exact.ShouldBeGreaterThan(1980, "shorter only where a lookup without a record ended a lifetime early");
    }

    private ValueTask Record(int blocks) => _tiered.RecordAsync(new(TestChain.Long(blocks), FiveMinutes, [], 0), default);

    private async Task<int> Find(int blocks) => (await _tiered.FindAsync(new(TestChain.Long(blocks), FiveMinutes, []), default)).Blocks;
}
