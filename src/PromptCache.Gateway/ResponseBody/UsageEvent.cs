using PromptCache.Core.Responses;
using PromptCache.Core.Wire;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>An event that carries usage, among those that are about to be written.</summary>
/// <param name="Where">Its place.</param>
/// <param name="IsReport">Its figures are final.</param>
/// <param name="Preview">The figures that were known when it came; null where it passes, or brings the final ones.</param>
internal readonly record struct UsageEvent(ByteRange Where, bool IsReport, Settlement? Preview);
