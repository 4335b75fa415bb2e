using System.Security.Cryptography;
using PromptCache.Core.Store;

namespace PromptCache.Gateway.Pipeline;

/// <summary>The notes on one named cache. None of these waits longer than for the store, and none fails.</summary>
/// <param name="notes">All gateways' notes.</param>
/// <param name="key">The cache's key.</param>
/// <param name="timeout">The store's timeout.</param>
/// <param name="time">By which the timeout runs.</param>
/// <param name="logger">Hears of notes that did not answer.</param>
internal sealed class ExplicitCacheNotes(ISharedNotes notes, byte[] key, TimeSpan timeout, TimeProvider time, ILogger logger)
{
    /// <summary>How long a renewal keeps others from renewing.</summary>
    private static readonly TimeSpan RenewalPause = TimeSpan.FromSeconds(30);

    /// <summary>The note, and whether there is none, so that a cache can be created; both no when the notes do not answer.</summary>
    public async ValueTask<(ExplicitCacheNote? Note, bool IsFree)> LoadAsync()
    {
        var (bytes, answered) = await BoundedAsync(token => notes.GetAsync(key, token));
        return (bytes is null ? null : ExplicitCacheNote.Read(bytes), answered && bytes is null);
    }

    /// <summary>Claims the creation for as long as it may take.</summary>
    /// <returns>False: somebody else is at it, or the notes did not answer.</returns>
    public async ValueTask<bool> ClaimAsync(TimeSpan patience)
        => await BoundedAsync(token => notes.SetAsync(key, Array.Empty<byte>(), patience, onlyIfAbsent: true, token)) is (true, true);

    /// <summary>Claims the renewal.</summary>
    public async ValueTask<bool> ClaimRenewalAsync()
    {
        var renewal = SHA256.HashData([.. key, .. "renewal"u8]);
        return await BoundedAsync(token => notes.SetAsync(renewal, Array.Empty<byte>(), RenewalPause, onlyIfAbsent: true, token)) is (true, true);
    }

    /// <summary>Keeps everybody from creating or using the cache for a time.</summary>
    public async ValueTask LeaveAloneAsync(TimeSpan pause)
        => await BoundedAsync(token => notes.SetAsync(key, Array.Empty<byte>(), pause, onlyIfAbsent: false, token));

    /// <summary>Forgets a cache that is gone, unless somebody else has found it gone before and is creating another.</summary>
    /// <returns>Whether a cache can be created.</returns>
    public async ValueTask<bool> ForgetAsync(ExplicitCacheNote gone)
    {
        return await BoundedAsync(async token =>
        {
            var current = await notes.GetAsync(key, token);
            if (current is not null && current.AsSpan().SequenceEqual(gone.ToBytes()))
            {
                await notes.RemoveAsync(key, token);
                current = null;
            }

            return current is null;
        }) is (true, true);
    }

    /// <summary>Tells everybody of a cache. Waits as long as the token lets it: nobody's request does.</summary>
    public async ValueTask TellAsync(ExplicitCacheNote note, CancellationToken cancellationToken)
    {
        // A little less than the provider's own lifetime: no request shall find it gone.
        var life = note.Expires - time.GetUtcNow();
        await notes.SetAsync(key, note.ToBytes(), life - TimeSpan.FromTicks(Math.Min(life.Ticks / 10, TimeSpan.FromSeconds(10).Ticks)), onlyIfAbsent: false, cancellationToken);
    }

    private async Task<(T? Value, bool Answered)> BoundedAsync<T>(Func<CancellationToken, ValueTask<T>> ask)
    {
        try
        {
            using var limit = new CancellationTokenSource(timeout, time);
            return (await ask(limit.Token).AsTask().WaitAsync(limit.Token), true);
        }
        catch (Exception exception)
        {
            logger.NotesFailed(exception);
            return (default, false);
        }
    }
}
