using System.Collections.Concurrent;
using System.Security.Cryptography;
using PromptCache.Core.Policies;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Forwarding;

namespace PromptCache.Gateway.Pipeline;

/// <summary>The prefixes that providers keep under names: finds the one that a request can use, and says which one is worth creating.</summary>
/// <remarks>Names are shared by gateways as notes under the prefix's own chain hash, which is keyed by tenant, provider and model. A note without a name says that somebody creates the cache just now, or has failed to lately.</remarks>
internal sealed class ExplicitCaches(UpstreamClients clients, TimeProvider time, ILogger<ExplicitCaches> logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    public HttpMessageInvoker Invoker => clients.Invoker;

    /// <summary>Ends what runs in the background when the gateway stops.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Whether the attempt may use a named cache, so that the analysis has to go before the request.</summary>
    public static bool MayApply(ChatAttempt attempt)
    {
        if (attempt.Target.Provider.Protocol.PrefixCaches is null || attempt.Target.Provider.CachePolicy.Mode is CacheMode.None or CacheMode.Implicit)
        {
            return false;
        }

        var segments = attempt.Exchange.Segments;
        if (segments.Automatic.Exists)
        {
            return true;
        }

        foreach (ref readonly var segment in segments.Segments)
        {
            if (segment.Marker.Exists)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Looks for the cache of the prefix up to the last marker. Waits for the notes at most as long as for the store; never fails a request.</summary>
    /// <returns>Null: the request has nothing to do with named caches.</returns>
    public async Task<ExplicitCache?> FindAsync(ChatAttempt attempt)
    {
        if (!MayApply(attempt) || await attempt.Analysis is not { Plan: { Explicit: true, Bypass: false, Breakpoints: [.., var last] } plan } analysis
            || analysis.Chain.TokensAt(last.Blocks) < plan.Policy.MinTokens
            || !attempt.Target.Provider.Protocol.PrefixCaches!.CanCut(attempt.Exchange.Segments, last.Segment))
        {
            return null;
        }

        var cache = new ExplicitCache(this, attempt, analysis, last, KeyOf(attempt, analysis, last));
        await cache.LoadAsync();
        return cache;
    }

    /// <summary>Keeps sight of work in the background, which never fails.</summary>
    public void Track(Task work)
    {
        _running[work] = true;
        _ = work.ContinueWith(done => _running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits until nothing runs in the background that was under way.</summary>
    public Task IdleAsync() => Task.WhenAll(_running.Keys);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await IdleAsync();
        _stopping.Dispose();
    }

    // The choice among the tools is frozen in the cache too, and the chain knows of it in the messages only. A cache belongs to the
    // account whose key made it: another key would find it gone, and take its name from those who can use it.
    private static byte[] KeyOf(ChatAttempt attempt, PromptAnalysis analysis, Breakpoint last)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("promptcache named cache"u8);
        hash.AppendData(analysis.Chain.HashOf(last.Blocks - 1));
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(attempt.Destination.BaseUrl.AbsoluteUri + "\n"));
        var choice = attempt.Exchange.Request.ToolChoice;
        hash.AppendData(choice.Exists ? attempt.Exchange.Request.ValueOf(choice) : []);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes("\n" + UpstreamHeaders.KeyFor(attempt.Target.Provider, attempt.Exchange.Tenant)));
        return hash.GetHashAndReset();
    }
}
