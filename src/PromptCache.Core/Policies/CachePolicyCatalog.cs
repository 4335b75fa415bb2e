using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace PromptCache.Core.Policies;

/// <summary>The cache policies by name: the shipped ones, and what the configuration puts over them. Immutable.</summary>
public sealed class CachePolicyCatalog
{
    private readonly FrozenDictionary<string, CachePolicy> _byName;

    private CachePolicyCatalog(IEnumerable<CachePolicy> policies)
        => _byName = policies.ToFrozenDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The policies that ship; each value's source is in the data file <c>Policies/policies.json</c> and in <see cref="CachePolicy.Source"/>.</summary>
    public static CachePolicyCatalog Shipped { get; } = new(ShippedPolicies.Load());

    /// <summary>All policies.</summary>
    public ImmutableArray<CachePolicy> Policies => _byName.Values;

    /// <summary>Finds a policy by its name, whatever its case.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out CachePolicy? policy) => _byName.TryGetValue(name, out policy);

    /// <summary>This catalog with the configuration's policies added, or put over those of the same name.</summary>
    /// <param name="overrides">By policy name.</param>
    /// <param name="errors">Everything that is wrong, each with its path; then the catalog is this one, unchanged.</param>
    public CachePolicyCatalog With(IReadOnlyDictionary<string, CachePolicyOverride> overrides, out ImmutableArray<string> errors)
    {
        var builder = new PolicyComposer(_byName, overrides);
        var policies = builder.Compose(out errors);
        return errors.IsEmpty ? new CachePolicyCatalog(policies) : this;
    }
}
