using System.Collections.Frozen;
using System.Collections.Immutable;
using PromptCache.Core.Policies;
using PromptCache.Core.Pricing;

namespace PromptCache.Gateway.Configuration;

/// <summary>One valid configuration, immutable. A request keeps the one that it began with.</summary>
internal sealed record GatewayModel
{
    public required FrozenDictionary<string, ProviderModel> Providers { get; init; }

    public required ImmutableArray<RouteModel> Routes { get; init; }

    public ProviderModel? DefaultProvider { get; init; }

    public required PriceBook Prices { get; init; }

    public required CachePolicyCatalog Policies { get; init; }

    /// <summary>Tenants' names by the SHA-256 of their keys; empty: every credential is its own tenant.</summary>
    public required FrozenDictionary<string, string> Tenants { get; init; }

    public required LimitOptions Limits { get; init; }

    public required StoreModel Store { get; init; }

    /// <summary>SHA-256 of the admin key, lowercase hex; null: loopback only.</summary>
    public string? AdminKeySha256 { get; init; }

    public required LogFormat LogFormat { get; init; }

    /// <summary>Where it was read from, for people.</summary>
    public required string Origin { get; init; }
}
