using System.Collections.Immutable;

namespace PromptCache.Core.Policies;

/// <summary>Builds the configured policies over the shipped ones, each after the one that it extends.</summary>
internal sealed class PolicyComposer
{
    private readonly IReadOnlyDictionary<string, CachePolicy> _shipped;
    private readonly Dictionary<string, CachePolicyOverride> _overrides;
    private readonly Dictionary<string, CachePolicy?> _built = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _errors = [];

    public PolicyComposer(IReadOnlyDictionary<string, CachePolicy> shipped, IReadOnlyDictionary<string, CachePolicyOverride> overrides)
    {
        _shipped = shipped;
        _overrides = new(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, over) in overrides)
        {
            if (!_overrides.TryAdd(name, over))
            {
                _errors.Add($"CachePolicies:{name} stands there twice, in different case.");
            }
        }
    }

    public IEnumerable<CachePolicy> Compose(out ImmutableArray<string> errors)
    {
        foreach (var name in _overrides.Keys.Order(StringComparer.Ordinal))
        {
            Build(name, [name]);
        }

        errors = [.. _errors];
        var untouched = _shipped.Values.Where(p => !_overrides.ContainsKey(p.Name)).Select(Rebind);
        return [.. untouched, .. _built.Values.OfType<CachePolicy>()];
    }

    /// <summary>The configured policy, built once; null when it cannot be built, which is reported once.</summary>
    private CachePolicy? Build(string name, ImmutableArray<string> path)
    {
        if (_built.TryGetValue(name, out var done))
        {
            return done;
        }

        var over = _overrides[name];
        var policy = Below(name, over, path) is { } below ? PolicyOverrides.Apply(below, over, name) : null;
        if (policy is not null)
        {
            PolicyOverrides.Check(policy, _errors);
        }

        return _built[name] = policy;
    }

    private CachePolicy? Below(string name, CachePolicyOverride over, ImmutableArray<string> path)
    {
        // A policy that has a shipped one's name and extends that name means the shipped one.
        if (over.Extends is not { } parent || (string.Equals(parent, name, StringComparison.OrdinalIgnoreCase) && _shipped.ContainsKey(name)))
        {
            return _shipped.TryGetValue(name, out var same) ? same : new CachePolicy { Name = name };
        }

        if (path.Contains(parent, StringComparer.OrdinalIgnoreCase))
        {
            _errors.Add($"CachePolicies:{name}:Extends goes in a circle: {string.Join(" -> ", path.Append(parent))}.");
            return null;
        }

        if (_overrides.ContainsKey(parent))
        {
            return Build(parent, path.Add(parent));
        }

        if (_shipped.TryGetValue(parent, out var shipped))
        {
            return shipped;
        }

        _errors.Add($"CachePolicies:{name}:Extends names '{parent}', which is no policy. There are: {string.Join(", ", _shipped.Keys.Concat(_overrides.Keys).Except([name]).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal))}.");
        return null;
    }

    /// <summary>A shipped policy that hands models over to one that the configuration changed hands them over to the changed one.</summary>
    private CachePolicy Rebind(CachePolicy policy) => policy with
    {
        Models = [.. policy.Models.Select(rule => rule.Use is { } other ? rule with { Use = _built.GetValueOrDefault(other.Name) ?? Rebind(other) } : rule)],
    };
}
