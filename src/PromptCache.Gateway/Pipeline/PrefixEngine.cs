using System.Security.Cryptography;
using System.Text;
using PromptCache.Core.Blocks;
using PromptCache.Core.Policies;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Store;
using PromptCache.Core.Tokens;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Routing;
using PromptCache.Gateway.Tenancy;

namespace PromptCache.Gateway.Pipeline;

/// <summary>From segments to the store's answer: tokenizes, chains, plans, looks up, decides.</summary>
internal sealed class PrefixEngine(StoreModel settings, IPrefixStore store, ITokenizerCatalog tokenizers)
{
    private readonly byte[] _secret = settings.Secret is { } text ? SHA256.HashData(Encoding.UTF8.GetBytes(text)) : RandomNumberGenerator.GetBytes(32);
    private ChainBuilder? _chains;

    /// <summary>The deployment's key.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    public IPrefixStore Store => store;

    private ChainBuilder Chains => _chains ??= new ChainBuilder(_secret, settings.MemoBytes);

    public ModelTokenizer TokenizerFor(RouteTarget target)
    {
        var model = tokenizers.ForModel(target.Model);
        return target.Provider.Tokenizer is { } name && tokenizers.TryGetEncoding(name, out var encoding)
            ? new ModelTokenizer(encoding, Exact: true, name.StartsWith("cl100k", StringComparison.Ordinal) ? ChatFormat.Cl100k : ChatFormat.O200k)
            : model;
    }

    /// <summary>Analyses one prompt for one target. CPU-bound up to the store's answer; the segments must live until it returns.</summary>
    public async Task<PromptAnalysis> AnalyseAsync(Tenant tenant, RouteTarget target, SegmentList segments, CancellationToken cancellationToken)
    {
        var tokenizer = TokenizerFor(target);
        var chain = Chains.Build(new ChainIdentity(tenant.Id, target.Provider.Name, target.Model, tokenizer.Tokenizer.Name), segments, tokenizer);
        var plan = CachePlanner.Plan(target.Provider.CachePolicy, target.Model, segments, chain);
        var match = plan.Bypass
            ? PrefixMatch.None
            : await store.FindAsync(new PrefixLookup(chain, plan.Policy.Ttl, plan.Anchors), cancellationToken);
        return new PromptAnalysis(chain, plan, match, CachePlanner.Decide(plan, match), tokenizer);
    }

    /// <summary>Makes the prompt known, once its response has begun.</summary>
    public ValueTask RecordAsync(PromptAnalysis analysis, uint destination, CancellationToken cancellationToken)
        => analysis.Plan.Bypass
            ? ValueTask.CompletedTask
            : store.RecordAsync(new PrefixRecord(analysis.Chain, analysis.Plan.Policy.Ttl, analysis.Decision.Writes, destination), cancellationToken);
}
