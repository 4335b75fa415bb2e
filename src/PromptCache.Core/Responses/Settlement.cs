using PromptCache.Core.Pricing;
using PromptCache.Core.Usage;

namespace PromptCache.Core.Responses;

/// <summary>What the response shall say: the final figures.</summary>
/// <param name="Usage">The figures, after the provider's report and the store's have been reconciled.</param>
/// <param name="Cost">Their price; null when <c>cost_details</c> shall not be written.</param>
/// <param name="ReplaceCacheFields">Store mode: the upstream's own cache fields are replaced, and its prices are replaced or taken out. Otherwise what was reported stays and only a missing <c>cached_tokens</c> is filled in.</param>
/// <param name="ExplicitFields">Whether the fields of explicit caching (<c>cache_creation_input_tokens</c>, <c>cache_read_input_tokens</c>, <c>cache_creation</c>) are written too.</param>
public sealed record Settlement(TokenUsage Usage, CostDetails? Cost, bool ReplaceCacheFields, bool ExplicitFields);
