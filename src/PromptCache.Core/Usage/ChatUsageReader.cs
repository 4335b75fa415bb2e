using System.Text.Json;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Usage;

/// <summary>Reads an OpenAI-shaped usage object, whichever provider spelled it, into disjoint buckets.</summary>
/// <remarks>
/// The same count often stands there under several names (LiteLLM mirrors, DeepSeek's hit tokens beside the details): each bucket takes the first name that
/// is there and never adds two. A count that is missing is null; a count that cannot be true is clamped and marked.
/// </remarks>
public static class ChatUsageReader
{
    private const decimal TicksPerUsd = 10_000_000_000m;

    /// <param name="usage">The object's bytes.</param>
    /// <param name="dialect">What the shape does not show.</param>
    /// <param name="responseCost">The value of a <c>cost</c> beside the usage object (Infron), if there is one.</param>
    /// <returns>The counts, source <see cref="CountSource.Provider"/>; null when the bytes are no JSON object.</returns>
    public static TokenUsage? Read(ReadOnlySpan<byte> usage, UsageDialect dialect, ReadOnlySpan<byte> responseCost = default)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        if (ObjectMembers.Read(usage, new ByteRange(0, usage.Length)) is not { } members)
        {
            return null;
        }

        var counts = new UsageCounts(usage, members);
        var (output, reasoning) = Output(ref counts, dialect);
        var (write, hour) = Writes(ref counts);
        var read = counts.Read;
        var prompt = counts.Prompt ?? PromptFrom(ref counts, read, write, hour);
        var cost = Cost(usage, members, responseCost, ref counts);
        return UsageBounds.Clamp(new TokenUsage
        {
            PromptTokens = prompt,
            CacheRead = read,
            CacheWrite = write,
            CacheWrite1h = hour,
            CompletionTokens = output,
            ReasoningTokens = reasoning,
            AudioTokens = counts.Audio,
            AudioCacheRead = counts.AudioRead,
            AudioCompletionTokens = counts.AudioCompletion,
            ReportedCost = cost,
            Geo = members.Find(usage, UsageNames.Geo) is { } geo ? ServedTier.Read(geo.Value.Of(usage), known: null) : null,
            ServiceTier = members.Find(usage, UsageNames.ServiceTier) is { } tier ? ServedTier.Read(tier.Value.Of(usage), known: null) : null,
            Source = CountSource.Provider,
            Inconsistent = counts.SawBad,
        });
    }

    /// <summary>A prompt that is not reported as such: DeepSeek's two parts; Anthropic's <c>input_tokens</c>, beside which its cache tokens stand; the Responses API's, which includes them; the total less the output.</summary>
    private static long? PromptFrom(ref UsageCounts counts, long? read, long? write, long? hour)
    {
        if (counts is { Hit: { } hit, Miss: { } miss })
        {
            return hit + miss;
        }

        if (counts.Input is { } input)
        {
            return counts.HasAnthropicShape ? input + (read ?? 0) + (write ?? 0) + (hour ?? 0) : input;
        }

        return counts is { Total: { } total, Completion: { } completion } && total >= completion ? total - completion : null;
    }

    /// <summary>What is billed as output, reasoning included exactly once.</summary>
    private static (long? Output, long? Reasoning) Output(ref UsageCounts counts, UsageDialect dialect)
    {
        var rest = counts is { Total: { } total, Prompt: { } prompt } && total >= prompt ? total - prompt : (long?)null;
        if (counts.Completion is not { } completion)
        {
            return (rest, counts.Reasoning);
        }

        if (counts.Reasoning is not { } reasoning || reasoning == 0)
        {
            return dialect.ReasoningInTotal && rest > completion ? (rest, rest - completion) : (completion, counts.Reasoning);
        }

        // The total is the witness: it adds up with the reasoning or without it. Where it is silent the dialect speaks; more reasoning than output can only stand beside it.
        var isBeside = rest == completion + reasoning
            || (dialect.ReasoningBeside && (rest != completion || reasoning > completion))
            || (rest is null && reasoning > completion);
        if (isBeside)
        {
            return (completion + reasoning, reasoning);
        }

        counts.SawBad |= reasoning > completion;
        return (completion, Math.Min(reasoning, completion));
    }

    /// <summary>Writes at the default lifetime and for an hour. The sum and its split describe the same tokens.</summary>
    private static (long? Write, long? Hour) Writes(ref UsageCounts counts)
    {
        var (sum, five, hour) = (counts.WriteSum, counts.Write5m, counts.Write1h);
        if (sum is not { } all)
        {
            return (five, hour);
        }

        if (hour is not { } long1h)
        {
            counts.SawBad |= five > all;
            return (Math.Max(all, five ?? 0), null);
        }

        if (five is null)
        {
            counts.SawBad |= long1h > all;
            return (Math.Max(all - long1h, 0), long1h);
        }

        counts.SawBad |= five + long1h != all;
        return (five, long1h);
    }

    private static decimal? Cost(ReadOnlySpan<byte> usage, ObjectMembers members, ReadOnlySpan<byte> responseCost, ref UsageCounts counts)
    {
        if (members.Find(usage, UsageNames.Cost) is { Kind: JsonTokenType.Number } cost)
        {
            return Amount(cost.Value.Of(usage), ref counts);
        }

        if (members.Find(usage, UsageNames.CostTicks) is { Kind: JsonTokenType.Number } ticks)
        {
            return Amount(ticks.Value.Of(usage), ref counts) / TicksPerUsd;
        }

        return responseCost.IsEmpty ? null : Amount(responseCost, ref counts);
    }

    private static decimal? Amount(ReadOnlySpan<byte> text, ref UsageCounts counts)
    {
        var reader = new Utf8JsonReader(text);
        if (reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var amount) && amount >= 0)
        {
            return amount;
        }

        counts.SawBad = true;
        return null;
    }
}
