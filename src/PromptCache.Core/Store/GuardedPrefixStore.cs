using Microsoft.Extensions.Logging;

namespace PromptCache.Core.Store;

/// <summary>A store that can fail, made into one that cannot break a request.</summary>
/// <remarks>
/// A call costs at most the timeout, whatever the store does; after some failures in a row it costs nothing, until one call finds the store well again.
/// Nothing is thrown but the caller's own cancellation. A call that timed out runs on, and its late result or error is observed and dropped.
/// An answer that came without waiting (from a tier in this process) says nothing about what lies behind it: it neither closes the breaker nor ends a row of failures.
/// </remarks>
public sealed class GuardedPrefixStore(IPrefixStore inner, TimeProvider time, ILogger<GuardedPrefixStore> logger, StoreGuardOptions options) : IPrefixStore
{
    private static readonly PrefixMatch Bypassed = PrefixMatch.Missing(StoreOutcome.Bypassed);

    private readonly TimeSpan _timeout = TimeSpan.FromMilliseconds(options.TimeoutMs);
    private readonly StoreBreaker _breaker = new(options, time);

    public StoreHealth Health => _breaker.Health;

    /// <summary>Makes a call that writes on nobody's behalf, as a request would: a store that is gone is found out, and one that is back is used again, without a request that waits for it.</summary>
    public async Task ProbeAsync(Func<Task> call, CancellationToken cancellationToken)
    {
        var pass = _breaker.Enter(isWrite: true, keepsNobodyWaiting: true);
        if (pass == StorePass.Denied)
        {
            return;
        }

        Task task;
        try
        {
            task = call();
        }
        catch (Exception exception)
        {
            task = Task.FromException(exception);
        }

        await Guard(task, pass, isWrite: true, cancellationToken);
    }

    public ValueTask<PrefixMatch> FindAsync(PrefixLookup lookup, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pass = _breaker.Enter(isWrite: false);
        if (pass == StorePass.Denied)
        {
            return new(Bypassed);
        }

        ValueTask<PrefixMatch> call;
        try
        {
            call = inner.FindAsync(lookup, cancellationToken);
        }
        catch (Exception exception)
        {
            call = ValueTask.FromException<PrefixMatch>(exception);
        }

        if (call.IsCompletedSuccessfully)
        {
            _breaker.OnNothing(pass);
            return call;
        }

        return AwaitFind(call.AsTask(), pass, cancellationToken);
    }

    public ValueTask RecordAsync(PrefixRecord record, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pass = _breaker.Enter(isWrite: true);
        if (pass == StorePass.Denied)
        {
            return ValueTask.CompletedTask;
        }

        ValueTask call;
        try
        {
            call = inner.RecordAsync(record, cancellationToken);
        }
        catch (Exception exception)
        {
            call = ValueTask.FromException(exception);
        }

        if (call.IsCompletedSuccessfully)
        {
            _breaker.OnNothing(pass);
            return ValueTask.CompletedTask;
        }

        return new(Guard(call.AsTask(), pass, isWrite: true, cancellationToken));
    }

    private async ValueTask<PrefixMatch> AwaitFind(Task<PrefixMatch> call, StorePass pass, CancellationToken cancellationToken)
    {
        var outcome = await Guard(call, pass, isWrite: false, cancellationToken);
        return outcome == StoreOutcome.Answered ? await call : PrefixMatch.Missing(outcome);
    }

    private async Task<StoreOutcome> Guard(Task call, StorePass pass, bool isWrite, CancellationToken cancellationToken)
    {
        try
        {
            await call.WaitAsync(_timeout, time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A client that left is no fault of the store.
            _breaker.OnNothing(pass);
            Observe(call);
            throw;
        }
        catch (TimeoutException)
        {
            Observe(call);
            return Failed(pass, isWrite, StoreOutcome.TimedOut, "timeout");
        }
        catch (Exception exception)
        {
            return Failed(pass, isWrite, StoreOutcome.Failed, exception.GetType().Name);
        }

        if (_breaker.OnSuccess(pass, isWrite))
        {
            logger.StoreRestored();
        }

        return StoreOutcome.Answered;
    }

    private StoreOutcome Failed(StorePass pass, bool isWrite, StoreOutcome outcome, string error)
    {
        if (_breaker.OnFailure(pass, error, isWrite))
        {
            logger.StoreBypassed(options.Failures, error, options.BreakMs / 1000.0);
        }

        return outcome;
    }

    private static void Observe(Task call)
        => _ = call.ContinueWith(static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
