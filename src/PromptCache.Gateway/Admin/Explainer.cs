using PromptCache.Core.Blocks;
using PromptCache.Core.Policies;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Pricing;
using PromptCache.Core.Requests;
using PromptCache.Core.Store;
using PromptCache.Core.Usage;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Explain;
using PromptCache.Gateway.Pipeline;
using PromptCache.Gateway.Routing;
using PromptCache.Gateway.Tenancy;

namespace PromptCache.Gateway.Admin;

/// <summary>Explains one prompt as things stand: forwards nothing, records nothing, refreshes nothing.</summary>
internal sealed class Explainer(TimeProvider time)
{
    /// <summary>Explains a body.</summary>
    /// <param name="model">The configuration in force.</param>
    /// <param name="engine">The store's side.</param>
    /// <param name="tenant">Whose prefixes are looked at.</param>
    /// <param name="body">A chat-completion request.</param>
    /// <param name="policyNames">The policies asked for; empty: the routed provider's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The report; or what is wrong with the request.</returns>
    public async Task<(ExplainReport? Report, RequestError? Error)> ExplainAsync(
        GatewayModel model, PrefixEngine engine, Tenant tenant, ReadOnlyMemory<byte> body, IReadOnlyList<string> policyNames, CancellationToken cancellationToken)
    {
        if (!PromptRequestReader.TryRead(body, out var request, out var error))
        {
            return (null, error);
        }

        var targets = RoutePlanner.Plan(model, request.Model, request.ProviderOrder, request.AllowFallbacks);
        if (targets.IsEmpty)
        {
            return (null, Refusals.NoProvider(request.Model));
        }

        var target = targets[0];
        if (!Segmenter.TryCut(request, out var segments, out error))
        {
            return (null, error);
        }

        using (segments)
        {
            var policies = new List<CachePolicy>();
            foreach (var name in policyNames)
            {
                if (!model.Policies.TryGet(name, out var policy))
                {
                    return (null, new RequestError($"There is no cache policy '{name}'; there are {string.Join(", ", model.Policies.Policies.Select(p => p.Name).Order(StringComparer.Ordinal))}.", "policies", "unknown_policy"));
                }

                policies.Add(policy);
            }

            policies = policies.Count == 0 ? [target.Provider.CachePolicy] : policies;
            foreach (var policy in policies)
            {
                if (CachePlanner.Validate(policy, target.Model, segments) is { } invalid)
                {
                    return (null, invalid);
                }
            }

            return (await ReportAsync(model, engine, tenant, request.Model, target, segments, policies, cancellationToken), null);
        }
    }

    private async Task<ExplainReport> ReportAsync(
        GatewayModel model, PrefixEngine engine, Tenant tenant, string name, RouteTarget target, SegmentList segments, List<CachePolicy> policies, CancellationToken cancellationToken)
    {
        var tokenizer = engine.TokenizerFor(target);
        var chain = await engine.ChainAsync(tenant, target, segments);
        var analyses = new List<PromptAnalysis>();
        foreach (var policy in policies)
        {
            analyses.Add(await engine.PeekAsync(tenant, target, policy, segments, chain, cancellationToken));
        }

        var dropsThinking = CachePlanner.ChainRules(target.Provider.CachePolicy, target.Model, segments).DropThinking;
        var finder = new DifferenceFinder(engine.Recents, time, dropsThinking, await engine.OtherChainAsync(tenant, target, segments));
        var match = analyses[0].Match;
        var known = Math.Max(match.Blocks, analyses.Max(a => a.Match.Anchors.IsDefaultOrEmpty ? 0 : a.Match.Anchors[^1]));
        return new ExplainReport
        {
            Model = name,
            Provider = target.Provider.Name,
            UpstreamModel = target.Model,
            Tenant = tenant.Id,
            Tokenizer = tokenizer.Tokenizer.Name,
            Exact = tokenizer.Exact,
            TotalTokens = chain.TotalTokens,
            Segments = SegmentsOf(segments, chain),
            Match = new ExplainMatch(match.Outcome.ToString().ToLowerInvariant(), known, chain.TokensAt(known), LastKnown(chain, known)),
            Policies = [.. analyses.Select(a => PolicyOf(model, target, a))],
            FirstDifference = match.Outcome == StoreOutcome.Answered ? finder.Find(tenant.Id, segments, analyses[0].Chain, known) : null,
        };
    }

    private ExplainPolicy PolicyOf(GatewayModel model, RouteTarget target, PromptAnalysis analysis)
    {
        var decision = analysis.Decision;
        var (rules, marked) = (analysis.Plan.Policy, analysis.Plan.Explicit);
        var (read, write, write1h) = decision.Settle(null);
        var usage = new TokenUsage { PromptTokens = decision.Total, CompletionTokens = 0, CacheRead = read, CacheWrite = write, CacheWrite1h = write1h };
        var query = new PriceQuery(target.Provider.Traits.Name, target.Model, ServiceTier: null, marked, time.GetUtcNow());
        var cost = model.Prices.Cost(query, usage, rules.Write, rules.WriteExtended, marked ? rules.ExplicitRead ?? rules.Read : rules.Read);
        return new ExplainPolicy(
            rules.Name, CacheStatus.Of(decision), decision.Reason, ReasonText.Of(decision), read, write, write1h, decision.Total - read - write - write1h,
            [.. analysis.Plan.Breakpoints.Select(b => b.Segment)], cost.PromptCost, cost.PromptCost + cost.CacheSavings);
    }

    private static List<ExplainSegment> SegmentsOf(SegmentList segments, BlockChain chain)
    {
        var list = new List<ExplainSegment>(segments.Count);
        var from = 0;
        for (var i = 0; i < segments.Count; i++)
        {
            ref readonly var segment = ref segments[i];
            var to = chain.TokensAt(chain.SegmentEnds[i]);
            var marker = segment.Marker is not { Exists: true } found ? null : found.Ttl is { } ttl ? $"{ttl.TotalMinutes:0}m" : "default";
            list.Add(new ExplainSegment(
                i, segment.Level.ToString().ToLowerInvariant(), segment.Kind.ToString(), segment.Role == SegmentRole.None ? null : segment.Role.ToString().ToLowerInvariant(),
                segments.PathOf(i), to - from, from, to, Convert.ToHexStringLower(chain.HashOf(chain.SegmentEnds[i] - 1)[..6]), marker));
            from = to;
        }

        return list;
    }

    private static int LastKnown(BlockChain chain, int known)
    {
        var last = -1;
        while (last + 1 < chain.SegmentEnds.Length && chain.SegmentEnds[last + 1] <= known)
        {
            last++;
        }

        return last;
    }
}
