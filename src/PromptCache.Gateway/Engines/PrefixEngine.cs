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
        var provider = target.Provider;
        var chain = await ChainAsync(tenant, target, segments);
        var plan = CachePlanner.Plan(provider.CachePolicy, target.Model, segments, chain);
        var marks = mayMark && provider.Breakpoints != BreakpointMode.Off && BreakpointChooser.CanHelp(plan.Policy, segments);
        var tracked = marks || !plan.Bypass;
        var match = tracked
            ? await store.FindAsync(new PrefixLookup(chain, plan.Policy.Ttl, marks ? Ends(chain) : plan.Anchors) { AsOf = asOf }, cancellationToken)
            : PrefixMatch.None;
        var injected = marks ? BreakpointChooser.Choose(provider.Breakpoints, plan.Policy, segments, chain, match) : [];
        if (!injected.IsEmpty)
        {
            plan = CachePlanner.Plan(provider.CachePolicy, target.Model, segments.WithMarkers(injected.AsSpan()), chain);
            match = match with { Anchors = [.. match.Anchors.Where(a => plan.Anchors.Contains(a))] };
        }

        return new PromptAnalysis(chain, plan, match, CachePlanner.Decide(plan, match), injected, tracked);
    }

    /// <summary>The same for any policy, as things stand: nothing is refreshed, nothing is recorded.</summary>
    public async Task<PromptAnalysis> PeekAsync(RouteTarget target, CachePolicy policy, SegmentList segments, BlockChain chain, CancellationToken cancellationToken)
    {
        var plan = CachePlanner.Plan(policy, target.Model, segments, chain);
        var marks = policy == target.Provider.CachePolicy && target.Provider.Breakpoints != BreakpointMode.Off && BreakpointChooser.CanHelp(plan.Policy, segments);
        var match = await store.FindAsync(new PrefixLookup(chain, PrefixLookup.Look, marks ? Ends(chain) : plan.Anchors), cancellationToken);
        var injected = marks ? BreakpointChooser.Choose(target.Provider.Breakpoints, plan.Policy, segments, chain, match) : [];
        plan = injected.IsEmpty ? plan : CachePlanner.Plan(policy, target.Model, segments.WithMarkers(injected.AsSpan()), chain);
        return new PromptAnalysis(chain, plan, match, CachePlanner.Decide(plan, match with { Anchors = [.. match.Anchors.Where(a => plan.Anchors.Contains(a))] }), injected, Tracked: false);
    }

    /// <summary>The prompt's chain for one target. CPU-bound: a short prompt's is made at once, a long one's elsewhere.</summary>
    public ValueTask<BlockChain> ChainAsync(Tenant tenant, RouteTarget target, SegmentList segments)
        => IsLong(segments) ? new(counting.RunAsync(() => ChainOf(tenant, target, segments), segments.Bytes.Length)) : new(ChainOf(tenant, target, segments));

    private BlockChain ChainOf(Tenant tenant, RouteTarget target, SegmentList segments)
    {
        var tokenizer = TokenizerFor(target);
        var identity = new ChainIdentity(tenant.Id, target.Provider.Name, target.Model, tokenizer.Tokenizer.Name);
        var (saltLevels, dropThinking) = CachePlanner.ChainRules(target.Provider.CachePolicy, target.Model);
        return Chains.Build(identity, segments, tokenizer, saltLevels, dropThinking);
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
