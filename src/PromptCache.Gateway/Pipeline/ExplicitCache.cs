using System.Security.Cryptography;
using PromptCache.Core.Policies;
using PromptCache.Core.Pricing;
using PromptCache.Core.Requests;
using PromptCache.Core.Store;
using PromptCache.Core.Wire;
using PromptCache.Providers;

namespace PromptCache.Gateway.Pipeline;

/// <summary>The named cache of one request's marked prefix: used when it is known, created or renewed once the response has begun.</summary>
internal sealed class ExplicitCache(ExplicitCaches caches, ChatAttempt attempt, PromptAnalysis analysis, Breakpoint last, byte[] key)
{
    /// <summary>How long a creation may take, and how long others leave one alone that failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How long a renewal keeps others from renewing.</summary>
    private static readonly TimeSpan RenewalPause = TimeSpan.FromSeconds(30);

    private readonly IPrefixCaches _protocol = attempt.Target.Provider.Protocol.PrefixCaches!;
    private ExplicitCacheNote? _note;
    private bool _canCreate;
    private bool _suspect;
    private Task _begun = Task.CompletedTask;
    private volatile bool _failed;
    private (long Tokens, TimeSpan Ttl, bool Ours) _stored;

    private ISharedNotes Notes => attempt.Exchange.Engine.Notes;

    /// <summary>Whether the request goes out on top of a cache.</summary>
    public bool IsUsed => _note is not null;

    /// <summary>Reads the note.</summary>
    public async Task LoadAsync()
    {
        var (bytes, answered) = await BoundedAsync(token => Notes.GetAsync(key, token));
        _note = bytes is null ? null : ExplicitCacheNote.Read(bytes);
        _canCreate = answered && bytes is null;
    }

    /// <summary>Writes the request on top of the cache.</summary>
    /// <returns>False: it goes out whole.</returns>
    public bool TryTranslate(PromptRequest request, PooledBytes output)
    {
        if (_note is null || _protocol.Translate(request, attempt.Target.Model, _note.Name, attempt.Exchange.Segments[last.Segment], output) is not null)
        {
            (_note, _canCreate) = (null, false);
            output.Clear();
            return false;
        }

        return true;
    }

    /// <summary>The provider refused a request on top of the cache: the plain one follows. Forgets a cache that is gone.</summary>
    /// <param name="refusal">What the provider said; null: it could not be read.</param>
    public async Task RefusedAsync(byte[]? refusal)
    {
        _note = null;
        if (refusal is not null && _protocol.IsGone(refusal))
        {
            caches.Logger.NamedCacheGone(attempt.Target.Provider.Name);
            (_, _canCreate) = await BoundedAsync(async token =>
            {
                await Notes.RemoveAsync(key, token);
                return true;
            });
        }
        else
        {
            _suspect = true;
        }
    }

    /// <summary>Whether an answer with that status calls for the plain request.</summary>
    public bool MayBeGone(int status) => IsUsed && _protocol.MayBeGone(status);

    /// <summary>A 2xx response has begun: sees to it that the cache exists and lives on. Returns when that has been arranged, not when it is done. The request's bytes must live until then.</summary>
    public Task BeginAsync() => _begun = ArrangeAsync();

    /// <summary>What this request has caused to be stored, in USD; null: nothing, or no price is known.</summary>
    public async ValueTask<decimal?> StorageCostAsync(PriceBook prices, PriceQuery query, long? promptTokens)
    {
        await _begun;
        var (tokens, ttl, ours) = _stored;
        if (_failed || tokens <= 0)
        {
            return null;
        }

        // Ours are counted; the provider's own count of the prompt says by how much that is off.
        var total = analysis.Chain.TotalTokens;
        tokens = ours && promptTokens is { } prompt && total > 0 ? (long)((Int128)tokens * prompt / total) : tokens;
        return prices.StorageCost(query, tokens, ttl);
    }

    private async Task ArrangeAsync()
    {
        if (_note is { } note)
        {
            await RenewAsync(note);
        }
        else if (_suspect)
        {
            // The plain request was taken and the other one was not: leave the cache alone for a while.
            await BoundedAsync(token => Notes.SetAsync(key, Array.Empty<byte>(), Patience, onlyIfAbsent: false, token));
        }
        else if (_canCreate && await BoundedAsync(token => Notes.SetAsync(key, Array.Empty<byte>(), Patience, onlyIfAbsent: true, token)) is (true, true))
        {
            Create();
        }
    }

    private void Create()
    {
        var body = new PooledBytes(attempt.Exchange.Request.Body.Length + 256);
        if (_protocol.WriteCreation(attempt.Exchange.Request, attempt.Target.Model, attempt.Exchange.Segments[last.Segment], last.Ttl, body) is not null)
        {
            body.Dispose();
            return;
        }

        var tokens = analysis.Chain.TokensAt(last.Blocks);
        _stored = (tokens, last.Ttl, true);
        caches.Track(RunAsync(HttpMethod.Post, _protocol.CreationPath, body, sent => _protocol.TryReadCreated(sent.Body, out var name, out var counted) ? new ExplicitCacheNote(name, sent.At + last.Ttl, counted ?? tokens) : null));
    }

    private async Task RenewAsync(ExplicitCacheNote note)
    {
        var now = caches.Time.GetUtcNow();
        var left = note.Expires - now;
        if (left * 2 >= last.Ttl || await BoundedAsync(token => Notes.SetAsync(RenewalKey(), Array.Empty<byte>(), RenewalPause, onlyIfAbsent: true, token)) is not (true, true))
        {
            return;
        }

        var body = new PooledBytes(256);
        _protocol.WriteRenewal(last.Ttl, body);
        _stored = (note.Tokens, last.Ttl - left, false);
        caches.Track(RunAsync(HttpMethod.Patch, _protocol.RenewalPath(note.Name), body, sent => note with { Expires = sent.At + last.Ttl }));
    }

    // In the background: nobody waits for it, and a failure costs nobody anything.
    private async Task RunAsync(HttpMethod method, string path, PooledBytes body, Func<(DateTimeOffset At, byte[] Body), ExplicitCacheNote?> read)
    {
        using (body)
        {
            try
            {
                await Task.Yield();
                using var patience = new CancellationTokenSource(Patience, caches.Time);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(caches.Stopping, patience.Token);
                var at = caches.Time.GetUtcNow();
                var (status, answer) = await ExplicitCacheCall.SendAsync(caches.Invoker, attempt.Target.Provider, attempt.Exchange.Tenant, attempt.Destination, method, path, body.Memory, limit.Token);
                if (status is >= 200 and < 300 && read((at, answer)) is { } note)
                {
                    // A little less than the provider's own lifetime: no request shall find it gone.
                    var life = note.Expires - caches.Time.GetUtcNow();
                    await Notes.SetAsync(key, note.ToBytes(), life - TimeSpan.FromTicks(Math.Min(life.Ticks / 10, TimeSpan.FromSeconds(10).Ticks)), onlyIfAbsent: false, limit.Token);
                    return;
                }

                _failed = true;
                caches.Logger.NamedCacheRefused(attempt.Target.Provider.Name, status);
            }
            catch (Exception exception)
            {
                _failed = true;
                caches.Logger.NamedCacheFailed(exception, attempt.Target.Provider.Name);
            }
        }
    }

    private byte[] RenewalKey() => SHA256.HashData([.. key, .. "renewal"u8]);

    private async Task<(T? Value, bool Answered)> BoundedAsync<T>(Func<CancellationToken, ValueTask<T>> ask)
    {
        try
        {
            using var limit = new CancellationTokenSource(attempt.Exchange.Model.Store.Timeout, caches.Time);
            return (await ask(limit.Token).AsTask().WaitAsync(limit.Token), true);
        }
        catch (Exception exception)
        {
            caches.Logger.NotesFailed(exception);
            return (default, false);
        }
    }
}
