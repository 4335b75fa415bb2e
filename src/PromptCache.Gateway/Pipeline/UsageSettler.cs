using PromptCache.Core.Policies;
using PromptCache.Core.Pricing;
using PromptCache.Core.Responses;
using PromptCache.Core.Store;
using PromptCache.Core.Usage;
using PromptCache.Gateway.Configuration;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Reconciles what the upstream reported with what the prefix store says, and prices it.</summary>
/// <param name="attempt">The attempt that is being answered; the store's side of it may still be under way.</param>
/// <param name="prices">The price book in force.</param>
/// <param name="time">Some prices depend on the hour.</param>
internal sealed class UsageSettler(ChatAttempt attempt, PriceBook prices, TimeProvider time) : ISettler
{
    /// <summary>The final figures, once there are any.</summary>
    public Settlement? Result { get; private set; }

    /// <summary>What the policy predicted to be read, on the upstream's scale; null when the store had no answer.</summary>
    public long? PredictedRead { get; private set; }

    /// <summary>What the provider itself reported as read.</summary>
    public long? ReportedRead { get; private set; }

    public async ValueTask<Settlement> SettleAsync(TokenUsage? reported, ReadOnlyMemory<byte> completion, CancellationToken cancellationToken)
    {
        var provider = attempt.Target.Provider;
        var prompt = await attempt.Analysis;
        await attempt.RecordedAsync();
        var known = prompt is { Match.Outcome: StoreOutcome.Answered };
        var counts = prompt?.Decision.Settle(reported?.PromptTokens) ?? default;
        (PredictedRead, ReportedRead) = (known ? counts.Read : null, reported?.CacheRead);

        var usage = (reported ?? new TokenUsage()) with
        {
            PromptTokens = reported?.PromptTokens ?? prompt?.Chain.TotalTokens,
            CompletionTokens = reported?.CompletionTokens ?? attempt.Exchange.Engine.TokenizerFor(attempt.Target).Tokenizer.Count(completion.Span),
        };
        var fromStore = provider.Usage == UsageMode.Store;
        if (fromStore)
        {
            usage = usage with { CacheRead = counts.Read, CacheWrite = counts.Write, CacheWrite1h = counts.Write1h, ReportedCost = null, Inconsistent = false };
        }

        if (fromStore || usage.CacheRead is null)
        {
            var counted = reported?.PromptTokens is null || reported.CompletionTokens is null;
            usage = usage with
            {
                CacheRead = counts.Read,
                Source = !known ? CountSource.Unknown : counted ? CountSource.Estimated : CountSource.Store,
            };
        }

        var policy = prompt?.Plan.Policy ?? provider.CachePolicy;
        var explicitly = prompt?.Plan.Explicit ?? false;
        var query = new PriceQuery(provider.Traits.Name, attempt.Target.Model, ServiceTier: null, explicitly, time.GetUtcNow());
        Result = new Settlement(
            usage,
            prices.Cost(query, usage, policy.Write, policy.WriteExtended, explicitly ? policy.ExplicitRead ?? policy.Read : policy.Read),
            ReplaceCacheFields: fromStore,
            ExplicitFields: fromStore && policy.Mode is CacheMode.Explicit or CacheMode.Both);
        return Result;
    }
}
