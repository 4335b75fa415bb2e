using PromptCache.Core.Blocks;
using PromptCache.Core.Store;
using PromptCache.Redis;

namespace PromptCache.Gateway.Engines;

/// <summary>The store in force, with what is asked about its health.</summary>
/// <param name="Store">What requests use.</param>
/// <param name="Notes">What gateways on the same store tell each other.</param>
/// <param name="Guard">What stands between them and Redis; null in-process.</param>
/// <param name="Redis">The connection; null in-process.</param>
internal sealed record StoreHandle(IPrefixStore Store, ISharedNotes Notes, GuardedPrefixStore? Guard, RedisPrefixStore? Redis) : IAsyncDisposable
{
    /// <summary><c>serving</c>, <c>bypassed</c> (it answers badly and is left alone for a moment), or <c>down</c> (there is no connection).</summary>
    public string State => Redis is { IsConnected: false } ? "down" : Guard?.Health.State is StoreState.Bypassed ? "bypassed" : "serving";

    public string Kind => Redis is null ? "in-process" : "redis";

    /// <summary>Asks a shared store once before the first request does: the first call loads scripts and compiles code, and would not end within its time.</summary>
    /// <returns>Ends when the store has answered, failed, or <paramref name="atMost"/> has passed; never throws.</returns>
    public async Task WarmAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (Redis is null)
        {
            return;
        }

        // The shared server's time is real, whatever clock the gateway runs on.
        var time = TimeProvider.System;
        var nothing = new BlockChain(new byte[BlockChain.HashSize], [1], [1], toolsEnd: 0, systemEnd: 1, totalTokens: 4, rootTag: 0);
        try
        {
            using var limit = new CancellationTokenSource(atMost, time);
            while (!Redis.IsConnected)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), time, limit.Token);
            }

            var asked = Redis.FindAsync(new PrefixLookup(nothing, PrefixLookup.Look, [1]), cancellationToken).AsTask();
            await asked.WaitAsync(atMost, time, limit.Token);
            await Redis.RecordAsync(new PrefixRecord(nothing, TimeSpan.FromSeconds(1), [], Destination: 0), cancellationToken).AsTask().WaitAsync(atMost, time, limit.Token);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The store has its own guard and its own log; the start does not depend on it.
            return;
        }
    }

    public ValueTask DisposeAsync() => Redis?.DisposeAsync() ?? ValueTask.CompletedTask;
}
