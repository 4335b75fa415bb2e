using PromptCache.Core.Blocks;
using PromptCache.Core.Policies;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Core.Store;
using PromptCache.Core.Tests.Blocks;

namespace PromptCache.Core.Tests.Policies;

/// <summary>A conversation under one policy: every turn is planned, looked up, decided and recorded. A word is a token.</summary>
internal sealed class PolicyBench(CachePolicy policy, string model = "a-model")
{
    private static readonly ChainIdentity Identity = new("acme", "provider", "model", "words");

    private readonly ChainBuilder _builder = new("0123456789abcdef0123456789abcdef"u8.ToArray(), memoBytes: 1 << 20);
    private readonly WordTokenizer _words = new();
    private readonly ModelStore _store = new();

    public static CachePolicy Shipped(string name)
        => CachePolicyCatalog.Shipped.TryGet(name, out var policy) ? policy : throw new ArgumentException($"No policy {name}.", nameof(name));

    public RequestError? Validate(PromptDraft draft)
    {
        using var list = draft.Build();
        return CachePlanner.Validate(policy, model, list);
    }

    public CachePlan Plan(PromptDraft draft)
    {
        using var list = draft.Build();
        CachePlanner.Validate(policy, model, list).ShouldBeNull();
        return CachePlanner.Plan(policy, model, list, Chain(list));
    }

    /// <summary>One turn whose answer was a success.</summary>
    public CacheDecision Turn(PromptDraft draft)
    {
        var decision = Ask(draft);
        _store.Record(decision);
        return decision;
    }

    /// <summary>One turn that failed: nothing is recorded.</summary>
    public CacheDecision Ask(PromptDraft draft)
    {
        var plan = Plan(draft);
        return CachePlanner.Decide(plan, plan.Bypass ? PrefixMatch.None : _store.Find(plan));
    }

    public void Wait(TimeSpan time) => _store.Now += time;

    private BlockChain Chain(SegmentList list) => _builder.Build(Identity, list, _words.Model());
}
