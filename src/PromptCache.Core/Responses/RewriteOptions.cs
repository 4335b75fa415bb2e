using PromptCache.Core.Usage;

namespace PromptCache.Core.Responses;

/// <summary>How one response is rewritten.</summary>
/// <param name="ShowUsage">Streamed: the client asked for usage, so the chunk that carries it is shown, with <c>cost_details</c>. Otherwise a chunk that holds nothing but usage is swallowed.</param>
/// <param name="UsageCost">The client asked for <c>usage.cost</c>.</param>
/// <param name="Dialect">How the provider spells its usage.</param>
/// <param name="MaxBuffered">A body or an event longer than this many bytes passes through unread.</param>
/// <param name="ReplaceCacheFields">Store mode, known before anything is settled: running totals that pass on chunks with content lose the upstream's cache and cost fields.</param>
public sealed record RewriteOptions(bool ShowUsage, bool UsageCost, UsageDialect Dialect, int MaxBuffered, bool ReplaceCacheFields = false);
