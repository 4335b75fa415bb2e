namespace PromptCache.Gateway.Hosting;

/// <summary>The configuration that the gateway was to start with is not valid.</summary>
internal sealed class InvalidConfigurationException(string origin, IReadOnlyList<string> errors)
    : Exception($"The configuration from {origin} is not valid:{string.Concat(errors.Select(e => $"{Environment.NewLine}  {e}"))}");
