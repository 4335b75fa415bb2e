using Microsoft.Extensions.Logging;

namespace PromptCache.Gateway.Tests.Support;

/// <summary>One log event, its exception's text included.</summary>
internal sealed record CapturedEvent(string Category, LogLevel Level, string Name, string Text, IReadOnlyDictionary<string, object?> Fields);
