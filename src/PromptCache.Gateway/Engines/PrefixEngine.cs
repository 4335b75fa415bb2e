using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using PromptCache.Core.Blocks;
using PromptCache.Core.Policies;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Store;
using PromptCache.Core.Tokens;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Explain;
using PromptCache.Gateway.Routing;
using PromptCache.Gateway.Tenancy;

namespace PromptCache.Gateway.Engines;

/// <summary>From segments to the store's answer: tokenizes, chains, plans, looks up, decides.</summary>
internal sealed class PrefixEngine(StoreModel settings, IPrefixStore store, ISharedNotes notes, ITokenizerCatalog tokenizers, CountingThreads counting, TimeProvider time)
{
    /// <summary>The most anchors that are asked for at once; the look-back of four breakpoints is 80.</summary>
    private const int MaxAnchors = 256;

    /// <summary>A prompt of more bytes is counted on a thread of its own: half a millisecond of English, several of Chinese.</summary>
    private const int MaxOnCaller = 64 << 10;

    private readonly byte[] _secret = settings.Secret is { } text ? SHA256.HashData(Encoding.UTF8.GetBytes(text)) : RandomNumberGenerator.GetBytes(32);
    private ChainBuilder? _chains;
    private RecentPrompts? _recents;

    /// <summary>The deployment's key.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    public IPrefixStore Store => store;

    /// <summary>What gateways on the same store tell each other.</summary>
    public ISharedNotes Notes => notes;

    /// <summary>What is remembered of recent prompts, to explain why one is not known.</summary>
    public RecentPrompts Recents => LazyInitializer.EnsureInitialized(ref _recents, () => new RecentPrompts(_secret, time));

    /// <summary>Now, for <see cref="AnalyseAsync"/> and <see cref="RecordAsync"/> to tell what came first.</summary>
    public long Moment => time.GetTimestamp();

    private ChainBuilder Chains => _chains ??= new ChainBuilder(_secret, settings.MemoBytes);

    public ModelTokenizer TokenizerFor(RouteTarget target)
    {
        var model = tokenizers.ForModel(target.Model);
        return target.Provider.Tokenizer is { } name && tokenizers.TryGetEncoding(name, out var encoding)
            ? new ModelTokenizer(encoding, Exact: true, name.StartsWith("cl100k", StringComparison.Ordinal) ? ChatFormat.Cl100k : ChatFormat.O200k)
            : model;
    }

    /// <summary>Whether counting the prompt, or handing it to the store, takes long enough to hold up what else the calling thread has to do.</summary>
    public static bool IsLong(SegmentList segments) => segments.Bytes.Length > MaxOnCaller;

    /// <summary>Analyses one prompt for one target. The segments must live until it returns.</summary>
    /// <param name="tenant">Whose prompt it is.</param>
    /// <param name="target">Who serves it.</param>
    /// <param name="segments">The prompt.</param>
    /// <param name="mayMark">Whether the gateway may add markers of its own.</param>
    /// <param name="asOf">The <see cref="Moment"/> at which the request went out: what became known since then is not for it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PromptAnalysis> AnalyseAsync(Tenant tenant, RouteTarget target, SegmentList segments, bool mayMark, long asOf, CancellationToken cancellationToken)
    {
        var policy = target.Provider.CachePolicy;
        var chain = await ChainAsync(tenant, target, segments);
        var plan = CachePlanner.Plan(policy, target.Model, segments, chain);
        if (mayMark && MayMark(target, plan, segments))
        {
            return await MarkAsync(tenant, target, plan, segments, plan.Policy.Ttl, asOf, cancellationToken) with { Tracked = true };
        }

        var match = plan.Bypass ? PrefixMatch.None : await store.FindAsync(new PrefixLookup(chain, plan.Policy.Ttl, plan.Anchors) { AsOf = asOf }, cancellationToken);
        return new PromptAnalysis(chain, plan, match, CachePlanner.Decide(plan, match), Injected: [], Tracked: !plan.Bypass);
    }

    /// <summary>The same for any policy, as things stand: nothing is refreshed, nothing is recorded.</summary>
    public async Task<PromptAnalysis> PeekAsync(Tenant tenant, RouteTarget target, CachePolicy policy, SegmentList segments, BlockChain chain, CancellationToken cancellationToken)
    {
        var plan = CachePlanner.Plan(policy, target.Model, segments, chain);
        if (policy == target.Provider.CachePolicy && MayMark(target, plan, segments))
        {
            return await MarkAsync(tenant, target, plan, segments, PrefixLookup.Look, asOf: long.MaxValue, cancellationToken);
        }

        var match = await store.FindAsync(new PrefixLookup(chain, PrefixLookup.Look, plan.Anchors), cancellationToken);
        return new PromptAnalysis(chain, plan, match, CachePlanner.Decide(plan, match), Injected: [], Tracked: false);
    }

    /// <summary>The prompt's chain for one target. CPU-bound: a short prompt's is made at once, a long one's elsewhere.</summary>
    public ValueTask<BlockChain> ChainAsync(Tenant tenant, RouteTarget target, SegmentList segments)
        => ChainAsync(tenant, target, segments, CachePlanner.ChainRules(target.Provider.CachePolicy, target.Model, segments).Cache);

    private ValueTask<BlockChain> ChainAsync(Tenant tenant, RouteTarget target, SegmentList segments, string cache)
        => IsLong(segments) ? new(counting.RunAsync(() => ChainOf(tenant, target, segments, cache), segments.Bytes.Length)) : new(ChainOf(tenant, target, segments, cache));

    private BlockChain ChainOf(Tenant tenant, RouteTarget target, SegmentList segments, string cache)
    {
        var tokenizer = TokenizerFor(target);
        var identity = new ChainIdentity(tenant.Id, target.Provider.Name, target.Model, tokenizer.Tokenizer.Name, cache);
        var (saltLevels, dropThinking, _) = CachePlanner.ChainRules(target.Provider.CachePolicy, target.Model, segments);
        return Chains.Build(identity, segments, tokenizer, saltLevels, dropThinking);
    }

    /// <summary>The chain of the same prompt in the provider's other cache, the one of the mode that the request does not take; null: there is one cache.</summary>
    public async ValueTask<BlockChain?> OtherChainAsync(Tenant tenant, RouteTarget target, SegmentList segments)
        => CachePlanner.OtherCache(target.Provider.CachePolicy, target.Model, segments) is { } cache ? await ChainAsync(tenant, target, segments, cache) : null;

    private static bool MayMark(RouteTarget target, CachePlan plan, SegmentList segments)
        => target.Provider.Breakpoints != BreakpointMode.Off && BreakpointChooser.CanHelp(plan.Policy, segments);

    /// <summary>Analyses a prompt that the gateway may mark. What was seen before is told by the markers' cache; a prompt that goes unmarked is read and written where it belongs.</summary>
    private async Task<PromptAnalysis> MarkAsync(Tenant tenant, RouteTarget target, CachePlan unmarked, SegmentList segments, TimeSpan ttl, long asOf, CancellationToken cancellationToken)
    {
        var chain = unmarked.Policy.SeparateModes ? await ChainAsync(tenant, target, segments, cache: "") : unmarked.Chain;
        var seen = await store.FindAsync(new PrefixLookup(chain, ttl, Ends(chain)) { AsOf = asOf }, cancellationToken);
        var injected = BreakpointChooser.Choose(target.Provider.Breakpoints, unmarked.Policy, segments, chain, seen);
        if (!injected.IsEmpty)
        {
            var marked = CachePlanner.Plan(target.Provider.CachePolicy, target.Model, segments.WithMarkers(injected.AsSpan()), chain);
            return new PromptAnalysis(chain, marked, seen, CachePlanner.Decide(marked, seen), injected, Tracked: false);
        }

        var match = chain == unmarked.Chain ? seen : await store.FindAsync(new PrefixLookup(unmarked.Chain, ttl, []) { AsOf = asOf }, cancellationToken);
        return new PromptAnalysis(unmarked.Chain, unmarked, match, CachePlanner.Decide(unmarked, match), Injected: [], Tracked: false) { Seen = chain == unmarked.Chain ? null : chain };
    }

    /// <summary>Makes the prompt known, once its response has begun. The segments must live until it returns.</summary>
    /// <param name="analysis">The prompt.</param>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="segments">The same as it was cut.</param>
    /// <param name="destination">Who served it.</param>
    /// <param name="since">The <see cref="Moment"/> at which the response began.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask RecordAsync(PromptAnalysis analysis, Tenant tenant, SegmentList segments, uint destination, long since, CancellationToken cancellationToken)
    {
        if (!analysis.Tracked)
        {
            return;
        }

        var ttl = analysis.Plan.Policy.Ttl;
        await store.RecordAsync(new PrefixRecord(analysis.Chain, ttl, analysis.Decision.Writes, destination) { Since = since }, cancellationToken);
        if (analysis.Seen is { } seen)
        {
            await store.RecordAsync(new PrefixRecord(seen, ttl, [], destination) { Since = since }, cancellationToken);
        }

        Recents.Note(tenant.Id, segments, analysis.Chain, ttl);
    }

    // Where a breakpoint will be is decided by the answer, so every place where one could have been is asked for; of a very long prompt
    // the latest, and where the tools and the system end.
    private static ImmutableArray<int> Ends(BlockChain chain)
    {
        var ends = chain.SegmentEnds;
        return ends.Length <= MaxAnchors
            ? ImmutableArray.Create(ends)
            : [.. new SortedSet<int>([chain.ToolsEnd, chain.SystemEnd, .. ends[^MaxAnchors..]]).Where(end => end > 0)];
    }
}
