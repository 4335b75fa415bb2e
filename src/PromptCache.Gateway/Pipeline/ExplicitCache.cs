using PromptCache.Core.Policies;
using PromptCache.Core.Pricing;
using PromptCache.Core.Requests;
using PromptCache.Core.Wire;
using PromptCache.Gateway.Engines;
using PromptCache.Providers;

namespace PromptCache.Gateway.Pipeline;

/// <summary>The named cache of one request's marked prefix: used when it is known, created or renewed once the response has begun.</summary>
internal sealed class ExplicitCache(ExplicitCaches caches, ChatAttempt attempt, PromptAnalysis analysis, Breakpoint last, byte[] key)
{
    /// <summary>How long a creation may take, and how long others leave one alone that failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How long a response's figures wait to learn whether there is anything to pay: a refusal comes at once, and a success costs the same whenever it comes.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private readonly ExplicitCacheNotes _notes = new(attempt.Exchange.Engine.Notes, key, attempt.Exchange.Model.Store.Timeout, caches.Time, caches.Logger);
    private readonly IPrefixCaches _protocol = attempt.Target.Provider.Protocol.PrefixCaches!;
    private ExplicitCacheNote? _note;
    private ExplicitCacheNote? _suspect;
    private bool _canCreate;
    private Task _begun = Task.CompletedTask;
    private Task<ExplicitCacheNote?>? _work;
    private (long Tokens, TimeSpan Ttl, bool Ours) _stored;

    /// <summary>Whether the request goes out on top of a cache.</summary>
    public bool IsUsed => _note is not null;

    /// <summary>Reads the note.</summary>
    public async Task LoadAsync() => (_note, _canCreate) = await _notes.LoadAsync();

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
        var refused = _note!;
        _note = null;
        if (refusal is null || !_protocol.IsGone(refusal))
        {
            _suspect = refused;
            return;
        }

        caches.Logger.NamedCacheGone(attempt.Target.Provider.Name);
        _canCreate = await _notes.ForgetAsync(refused);
    }

    /// <summary>Whether an answer with that status calls for the plain request.</summary>
    public bool MayBeGone(int status) => IsUsed && _protocol.MayBeGone(status);

    /// <summary>A 2xx response has begun: sees to it that the cache exists and lives on. Returns when that has been arranged, not when it is done. The request's bytes must live until then.</summary>
    public Task BeginAsync() => _begun = ArrangeAsync();

    /// <summary>What this request has caused to be stored, in USD; null: nothing, or no price is known.</summary>
    /// <remarks>What fails costs nothing. What is not known to have failed within <see cref="Grace"/> is booked, and should it fail after all, the log says so.</remarks>
    public async ValueTask<decimal?> StorageCostAsync(PriceBook prices, PriceQuery query, long? promptTokens)
    {
        await _begun;
        if (_work is not { } work)
        {
            return null;
        }

        var (tokens, ttl, ours) = _stored;
        var isKnown = await IsKnownAsync(work);
        if (isKnown)
        {
            if (await work is not { } note)
            {
                return null;
            }

            (tokens, ours) = (note.Tokens, ours && !note.Counted);
        }

        // Ours are counted; the provider's own count of the prompt says by how much that is off.
        var total = analysis.Chain.TotalTokens;
        tokens = ours && promptTokens is { } prompt && total > 0 ? (long)((Int128)tokens * prompt / total) : tokens;
        var cost = prices.StorageCost(query, tokens, ttl);
        if (!isKnown && cost is { } booked)
        {
            caches.Track(TellIfInVainAsync(work, booked));
        }

        return cost;
    }

    private async Task<bool> IsKnownAsync(Task work)
    {
        try
        {
            await work.WaitAsync(Grace, caches.Time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task TellIfInVainAsync(Task<ExplicitCacheNote?> work, decimal booked)
    {
        if (await work is null)
        {
            caches.Logger.StorageBookedInVain(attempt.Target.Provider.Name, attempt.Target.Model, booked);
        }
    }

    private async Task ArrangeAsync()
    {
        if (_note is { } note)
        {
            await RenewAsync(note);
        }
        else if (_suspect is { } suspect)
        {
            // The plain request was taken and the other one was not: the cache is left alone while it lives, and no second one is paid for.
            var life = suspect.Expires - caches.Time.GetUtcNow();
            await _notes.LeaveAloneAsync(life > Patience ? life : Patience);
        }
        else if (_canCreate && await _notes.ClaimAsync(Patience))
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
        Start(RunAsync(HttpMethod.Post, _protocol.CreationPath, body, sent => _protocol.TryReadCreated(sent.Body, out var name, out var counted) ? new ExplicitCacheNote(name, sent.At + last.Ttl, counted ?? tokens) { Counted = counted is not null } : null));
    }

    private async Task RenewAsync(ExplicitCacheNote note)
    {
        var left = note.Expires - caches.Time.GetUtcNow();
        if (left * 2 >= last.Ttl || !await _notes.ClaimRenewalAsync())
        {
            return;
        }

        var body = new PooledBytes(256);
        _protocol.WriteRenewal(last.Ttl, body);
        _stored = (note.Tokens, last.Ttl - left, false);
        Start(RunAsync(HttpMethod.Patch, _protocol.RenewalPath(note.Name), body, sent => note with { Expires = sent.At + last.Ttl }));
    }

    private void Start(Task<ExplicitCacheNote?> work)
    {
        _work = work;
        caches.Track(work);
    }

    // In the background: a failure costs nobody anything. What the provider keeps from now on; null: it failed.
    private async Task<ExplicitCacheNote?> RunAsync(HttpMethod method, string path, PooledBytes body, Func<(DateTimeOffset At, byte[] Body), ExplicitCacheNote?> read)
    {
        using (body)
        {
            ExplicitCacheNote? kept = null;
            try
            {
                await Task.Yield();
                using var patience = new CancellationTokenSource(Patience, caches.Time);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(caches.Stopping, patience.Token);
                var at = caches.Time.GetUtcNow();
                var (status, answer) = await ExplicitCacheCall.SendAsync(caches.Invoker, attempt.Target.Provider, attempt.Exchange.Tenant, attempt.Destination, method, path, body.Memory, limit.Token);
                kept = status is >= 200 and < 300 ? read((at, answer)) : null;
                if (kept is not null)
                {
                    await _notes.TellAsync(kept, limit.Token);
                    return kept;
                }

                caches.Logger.NamedCacheRefused(attempt.Target.Provider.Name, status);
                if (method == HttpMethod.Post && status is >= 400 and < 500 and not 408 and not 429)
                {
                    // Too short by the provider's count, or not allowed to this key: asking every minute would not change that.
                    await _notes.LeaveAloneAsync(last.Ttl);
                }
            }
            catch (Exception exception)
            {
                caches.Logger.NamedCacheFailed(exception, attempt.Target.Provider.Name);
            }

            return kept;
        }
    }
}
