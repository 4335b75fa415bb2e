using PromptCache.Core.Policies;
using PromptCache.Core.Pricing;
using PromptCache.Core.Responses;
using PromptCache.Core.Store;
using PromptCache.Core.Usage;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Routing;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Reconciles what the upstream reported with what the prefix store says, and prices it.</summary>
/// <param name="attempt">The attempt that is being answered; the store's side of it may still be under way.</param>
/// <param name="prices">The price book in force.</param>
/// <param name="conversations">Learns what the provider now holds of the conversation.</param>
/// <param name="time">Some prices depend on the hour.</param>
/// <param name="logger">For what must never break a response.</param>
internal sealed class UsageSettler(ChatAttempt attempt, PriceBook prices, ConversationMemory conversations, TimeProvider time, ILogger logger) : ISettler
{
    /// <summary>The final figures, once there are any.</summary>
    public Settlement? Result { get; private set; }

    /// <summary>What the policy predicted to be read, on the upstream's scale; null when the store had no answer.</summary>
    public long? PredictedRead { get; private set; }

    /// <summary>Why not more is read, by the upstream's count; empty: nothing is known of the prompt.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>What the provider itself reported as read.</summary>
    public long? ReportedRead { get; private set; }

    public async ValueTask<Settlement> SettleAsync(TokenUsage? reported, ReadOnlyMemory<byte> completion, CancellationToken cancellationToken)
    {
        try
        {
            var prompt = await attempt.Analysis;
            Result = Settle(prompt, reported, completion);
            Remember(prompt, Result.Usage);
            Result = await WithStorageAsync(Result);
        }
        catch (Exception exception)
        {
            // The response matters more than its figures: what was reported passes as it is.
            logger.SettlementFailed(exception);
            Result = new Settlement(reported ?? new TokenUsage(), Cost: null, ReplaceCacheFields: false, ExplicitFields: false);
        }

        // A client that has its figures may come again at once, and shall find its prefix.
        await attempt.RecordedAsync();
        return Result;
    }

    /// <inheritdoc/>
    public Settlement? Preview(TokenUsage? reported)
    {
        try
        {
            return Settle(attempt.Analysis.IsCompletedSuccessfully ? attempt.Analysis.Result : null, reported, completion: default);
        }
        catch (Exception exception)
        {
            logger.SettlementFailed(exception);
            return null;
        }
    }

    private Settlement Settle(PromptAnalysis? prompt, TokenUsage? reported, ReadOnlyMemory<byte> completion)
    {
        var provider = attempt.Target.Provider;
        reported = FireworksHeaders.Fill(reported, Header(FireworksHeaders.PromptTokens), Header(FireworksHeaders.CachedTokens));
        var isImpossible = reported is { Inconsistent: true, PromptTokens: null or 0 };
        if (isImpossible)
        {
            reported = reported! with { PromptTokens = null };
        }

        var known = prompt is { Match.Outcome: StoreOutcome.Answered };
        var counts = prompt?.Decision.Settle(reported?.PromptTokens) ?? default;
        Reason = prompt?.Decision.ReasonFor(reported?.PromptTokens) ?? "";
        (PredictedRead, ReportedRead) = (known ? counts.Read : null, reported?.CacheRead);

        var usage = (reported ?? new TokenUsage()) with
        {
            PromptTokens = reported?.PromptTokens ?? prompt?.Chain.TotalTokens,
            CompletionTokens = reported?.CompletionTokens ?? attempt.Exchange.Engine.TokenizerFor(attempt.Target).Tokenizer.Count(completion.Span),
        };
        var fromStore = provider.Usage == UsageMode.Store;
        if (fromStore)
        {
            // What was wrong with the upstream's cache counts does not matter here; a prompt without tokens does.
            usage = usage with { CacheWrite = counts.Write, CacheWrite1h = counts.Write1h, ReportedCost = null, Inconsistent = isImpossible };
        }

        if (fromStore || usage.CacheRead is null)
        {
            var counted = reported?.PromptTokens is null || reported.CompletionTokens is null;
            usage = usage with { CacheRead = counts.Read, AudioCacheRead = null, Source = !known ? CountSource.Unknown : counted ? CountSource.Estimated : CountSource.Store };
        }

        usage = UsageBounds.Clamp(usage);
        var policy = prompt?.Plan.Policy ?? provider.CachePolicy;
        var marked = prompt?.Plan.Explicit ?? false;
        var query = new PriceQuery(provider.Traits.Name, attempt.Target.Model, reported?.ServiceTier ?? Header("x-gemini-service-tier") ?? attempt.Exchange.ServiceTier, marked, time.GetUtcNow(), reported?.Geo);
        var cost = prices.Cost(query, usage, policy.Write, policy.WriteExtended, marked ? policy.ExplicitRead ?? policy.Read : policy.Read);
        return new Settlement(usage, cost, ReplaceCacheFields: fromStore, ExplicitFields: fromStore && policy.Mode is (CacheMode.Explicit or CacheMode.Both));
    }

    // Before the client has its figures: its next turn may come at once.
    private void Remember(PromptAnalysis? prompt, TokenUsage usage)
    {
        if (attempt is not { UpstreamStatus: >= 200 and < 300, Exchange: { Targets.Length: > 1 } exchange } || prompt is not { Plan: { Bypass: false } plan })
        {
            return;
        }

        var total = usage.PromptTokens ?? 0;
        var held = plan.Explicit ? (usage.CacheRead ?? 0) + (usage.CacheWrite ?? 0) + (usage.CacheWrite1h ?? 0) : total < plan.Policy.MinTokens ? 0 : total;
        if (held > 0)
        {
            var prefix = new HeldPrefix(attempt.Target.Provider.Name, attempt.Target.Model, held, plan.Explicit, total, usage.CompletionTokens ?? 0, exchange.Request.Body.Length);
            conversations.Remember(exchange.Conversation, prefix, plan.Policy.Ttl);
        }
    }

    // What a request has caused the provider to store is the request's to pay.
    private async ValueTask<Settlement> WithStorageAsync(Settlement settled)
        => attempt.Cache is { } cache && settled.Cost is { } cost
            ? settled with { Cost = cost.WithStorage(await cache.StorageCostAsync(prices, new PriceQuery(attempt.Target.Provider.Traits.Name, attempt.Target.Model, ServiceTier: null, Explicit: true, time.GetUtcNow()), settled.Usage.PromptTokens)) }
            : settled;

    private string? Header(string name) => attempt.UpstreamHeaders?.TryGetValues(name, out var values) is true ? values.FirstOrDefault() : null;
}
