using System.Collections.Immutable;
using PromptCache.Core.Policies;
using PromptCache.Core.Usage;
using PromptCache.Providers;
using PromptCache.Providers.Presets;

namespace PromptCache.Gateway.Configuration;

/// <summary>A provider after validation: everything resolved, nothing optional that has a default.</summary>
internal sealed record ProviderModel
{
    public required string Name { get; init; }

    public required IWireProtocol Protocol { get; init; }

    /// <summary>At least one; more are replicas of one engine.</summary>
    public required ImmutableArray<DestinationModel> Destinations { get; init; }

    public required KeyMode KeyMode { get; init; }

    /// <summary>The provider's key; null unless <see cref="KeyMode"/> is <see cref="KeyMode.Own"/>.</summary>
    public string? ApiKey { get; init; }

    public required CachePolicy CachePolicy { get; init; }

    public required UsageMode Usage { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required BreakpointMode Breakpoints { get; init; }

    public required bool Affinity { get; init; }

    public string? Tokenizer { get; init; }

    public required ImmutableArray<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>What the provider takes and how it reports.</summary>
    public required ProviderPreset Traits { get; init; }

    public UsageDialect Dialect => new(Traits.ReasoningBeside, Traits.ReasoningInTotal);
}
