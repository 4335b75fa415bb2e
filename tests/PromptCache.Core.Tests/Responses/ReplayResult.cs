using PromptCache.Core.Responses;

namespace PromptCache.Core.Tests.Responses;

internal sealed record ReplayResult(string Text, Settlement? Settled, bool SawDone, bool Truncated, bool SawError, string? Model, string? FinishReason, TestSettler Settler);
