using PromptCache.Gateway.Configuration;

namespace PromptCache.Gateway.Routing;

/// <summary>One provider that can serve a request, and the model's name there.</summary>
internal sealed record RouteTarget(ProviderModel Provider, string Model);
