using System.Collections.Immutable;

namespace PromptCache.Gateway.Configuration;

/// <summary>A model route after validation.</summary>
internal sealed record RouteModel(string Match, ImmutableArray<ProviderModel> Providers, string? Model, bool StripPrefix);
