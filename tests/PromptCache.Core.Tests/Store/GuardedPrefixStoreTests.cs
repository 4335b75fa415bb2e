using PromptCache.Core.Store;
using PromptCache.Testing;
using PromptCache.Testing.Stores;

namespace PromptCache.Core.Tests.Store;

public sealed class GuardedPrefixStoreTests
{
    private static readonly PrefixLookup Lookup = new(TestChain.Long(10), TimeSpan.FromMinutes(5), []);
    private static readonly PrefixRecord Written = new(TestChain.Long(10), TimeSpan.FromMinutes(5), [], 0);

    private readonly ManualTimeProvider _time = new();
    private readonly EventLog<GuardedPrefixStore> _log = new();
    private readonly ChaosStore _inner;
    private readonly GuardedPrefixStore _guarded;

    public GuardedPrefixStoreTests()
    {
        _inner = new(new InProcessPrefixStore(_time));
        _guarded = new(_inner, _time, _log, new());
    }

    [Fact]
    public async Task Find_HealthyStore_ItsAnswer()
    {
        await _guarded.RecordAsync(Written, default);

        (await _guarded.FindAsync(Lookup, default)).Blocks.ShouldBe(10);
        _guarded.Health.ShouldBe(new(StoreState.Serving, _time.GetUtcNow(), null, 0));
    }

    [Fact]
    public async Task Record_FailsWhileFindsSucceed_IsBypassedUntilAWriteSucceeds()
    {
        for (var i = 0; i < 3; i++)
        {
            _inner.Fault = new IOException("read-only");
            await _guarded.RecordAsync(Written, default);
            _inner.Fault = null;
            // An answer that has to be waited for: only such a one says something about the store.
            _inner.Gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
            var find = _guarded.FindAsync(Lookup, default);
            _inner.Gate.SetResult();
            (await find).Outcome.ShouldBe(i < 2 ? StoreOutcome.Answered : StoreOutcome.Bypassed);
            _inner.Gate = null;
        }

        _guarded.Health.State.ShouldBe(StoreState.Bypassed);
        _guarded.Health.Failures.ShouldBe(3);
        _time.Advance(TimeSpan.FromSeconds(2));
        (await _guarded.FindAsync(Lookup, default)).Outcome.ShouldBe(StoreOutcome.Bypassed, "a read proves nothing");
        await _guarded.ProbeAsync(() => Task.FromException(new IOException("read-only")), default);
        _guarded.Health.State.ShouldBe(StoreState.Bypassed);
        // The break spares requests; the gateway's own question keeps nobody waiting.
        await _guarded.ProbeAsync(() => Task.CompletedTask, default);
        _guarded.Health.State.ShouldBe(StoreState.Serving);
        (await _guarded.FindAsync(Lookup, default)).Outcome.ShouldBe(StoreOutcome.Answered);
    }

    [Fact]
    public void Find_StoreThatDoesNotWait_NeitherDoesTheGuard() => _guarded.FindAsync(Lookup, default).AsTask().IsCompletedSuccessfully.ShouldBeTrue();

    [Fact]
    public async Task Find_StoreFails_FailedAndNothingThrown()
    {
        _inner.Fault = new IOException("secret");

        var match = await _guarded.FindAsync(Lookup, default);

        match.Outcome.ShouldBe(StoreOutcome.Failed);
        match.Blocks.ShouldBe(0);
        _guarded.Health.LastError.ShouldBe("IOException");
        await _guarded.RecordAsync(Written, default);
    }

    [Fact]
    public async Task Find_StoreThrowsBeforeItReturns_Failed()
    {
        var guarded = new GuardedPrefixStore(new ThrowingStore(), _time, _log, new());

        (await guarded.FindAsync(Lookup, default)).Outcome.ShouldBe(StoreOutcome.Failed);
        await guarded.RecordAsync(Written, default);
    }

    [Fact]
    public async Task Find_SilentStore_TimedOutAfterTenMilliseconds()
    {
        _inner.Gate = new();
        var find = _guarded.FindAsync(Lookup, default);
        _time.Advance(TimeSpan.FromMilliseconds(9));
        find.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));

        (await find).Outcome.ShouldBe(StoreOutcome.TimedOut);
    }

    [Fact]
    public async Task Record_SilentStore_EndsInTimeAndIsWrittenLate()
    {
        _inner.Gate = new();
        var record = _guarded.RecordAsync(Written, default);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        await record;

        _inner.Gate.SetResult();
        _inner.Gate = null;
        (await _guarded.FindAsync(Lookup, default)).Blocks.ShouldBe(10);
    }

    [Fact]
    public async Task Find_ThreeFailuresInARow_TheStoreIsLeftAloneAndOneEventSaysSo()
    {
        await Break();
        var asked = _inner.Finds;

        var find = _guarded.FindAsync(Lookup, default);
        find.IsCompletedSuccessfully.ShouldBeTrue();
        (await find).Outcome.ShouldBe(StoreOutcome.Bypassed);
        await _guarded.RecordAsync(Written, default);

        _inner.Finds.ShouldBe(asked);
        _inner.Records.ShouldBe(0);
        _guarded.Health.State.ShouldBe(StoreState.Bypassed);
        _log.Events.ShouldBe(["StoreBypassed"]);
    }

    [Fact]
    public async Task Find_SuccessInBetween_StartsTheRowAnew()
    {
        for (var round = 0; round < 3; round++)
        {
            _inner.Fault = new IOException();
            await _guarded.FindAsync(Lookup, default);
            await _guarded.FindAsync(Lookup, default);
            _inner.Fault = null;
            _inner.Gate = new();
            var slow = _guarded.FindAsync(Lookup, default);
            _inner.Gate.SetResult();
            (await slow).Outcome.ShouldBe(StoreOutcome.Answered);
            _inner.Gate = null;
        }

        _log.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Find_AnswersFromThisProcessInBetween_DoNotHideTheOutage()
    {
        for (var round = 0; round < 3; round++)
        {
            _inner.Fault = new IOException();
            await _guarded.FindAsync(Lookup, default);
            _inner.Fault = null;
            await _guarded.FindAsync(Lookup, default);
        }

        _guarded.Health.State.ShouldBe(StoreState.Bypassed);
    }

    [Fact]
    public async Task Find_AfterTheBreak_OneCallTriesAndAllFollow()
    {
        await Break();
        _inner.Fault = null;
        _inner.Gate = new();
        _time.Advance(TimeSpan.FromSeconds(2));

        var probe = _guarded.FindAsync(Lookup, default);
        (await _guarded.FindAsync(Lookup, default)).Outcome.ShouldBe(StoreOutcome.Bypassed);
        _inner.Gate.SetResult();
        (await probe).Outcome.ShouldBe(StoreOutcome.Answered);

        (await _guarded.FindAsync(Lookup, default)).Outcome.ShouldBe(StoreOutcome.Answered);
        _log.Events.ShouldBe(["StoreBypassed", "StoreRestored"]);
        _guarded.Health.ShouldBe(new(StoreState.Serving, _time.GetUtcNow(), "IOException", 3));
    }

    [Fact]
    public async Task Find_ProbeFails_AnotherBreakAndNoSecondEvent()
    {
        await Break();
        _time.Advance(TimeSpan.FromSeconds(2));
        (await _guarded.FindAsync(Lookup, default)).Outcome.ShouldBe(StoreOutcome.Failed);
        (await _guarded.FindAsync(Lookup, default)).Outcome.ShouldBe(StoreOutcome.Bypassed);
        _time.Advance(TimeSpan.FromSeconds(2));
        (await _guarded.FindAsync(Lookup, default)).Outcome.ShouldBe(StoreOutcome.Failed);

        _log.Events.ShouldBe(["StoreBypassed"]);
    }

    [Fact]
    public async Task Find_CallerLeaves_ItsCancellationAndNoFaultOfTheStore()
    {
        for (var i = 0; i < 5; i++)
        {
            _inner.Gate = new();
            using var caller = new CancellationTokenSource();
            var find = _guarded.FindAsync(Lookup, caller.Token).AsTask();
            await caller.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(find);
        }

        _guarded.Health.State.ShouldBe(StoreState.Serving);
    }

    [Fact]
    public async Task Find_CallerLeavesDuringTheProbe_TheNextCallProbes()
    {
        await Break();
        _time.Advance(TimeSpan.FromSeconds(2));
        _inner.Gate = new();
        using var caller = new CancellationTokenSource();
        var probe = _guarded.FindAsync(Lookup, caller.Token).AsTask();
        await caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(probe);

        (_inner.Gate, _inner.Fault) = (null, new IOException());
        (await _guarded.FindAsync(Lookup, default)).Outcome.ShouldBe(StoreOutcome.Failed);
    }

    [Fact]
    public async Task Find_StoreCancelsByItself_Failed()
    {
        _inner.Fault = new OperationCanceledException();

        (await _guarded.FindAsync(Lookup, default)).Outcome.ShouldBe(StoreOutcome.Failed);
    }

    private async Task Break()
    {
        _inner.Fault = new IOException();
        for (var i = 0; i < 3; i++)
        {
            (await _guarded.FindAsync(Lookup, default)).Outcome.ShouldBe(StoreOutcome.Failed);
        }
    }

    private sealed class ThrowingStore : IPrefixStore
    {
        public ValueTask<PrefixMatch> FindAsync(PrefixLookup lookup, CancellationToken cancellationToken) => throw new IOException();

        public ValueTask RecordAsync(PrefixRecord record, CancellationToken cancellationToken) => throw new IOException();
    }
}
