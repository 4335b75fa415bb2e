using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using PromptCache.Core.Policies;
using PromptCache.Core.Pricing;
using PromptCache.Redis;

namespace PromptCache.Gateway.Configuration;

/// <summary>Makes a <see cref="GatewayModel"/> of what the operator wrote, and collects everything that is wrong with it.</summary>
internal sealed class GatewayModelBuilder(PromptCacheOptions options, string origin, OwnAddresses? own, List<string> errors)
{
    private const string Root = PromptCacheOptions.SectionName;

    /// <param name="useConventions">No provider is configured: they come from the conventional variables (<c>OPENAI_API_KEY</c>, …).</param>
    public GatewayModel? Build(bool useConventions)
    {
        var policies = Policies();
        var prices = Prices();
        var store = Store();
        var tenants = Tenants();
        var providers = new ProviderModelBuilder(policies, options.Tenants.Count > 0, own, errors);
        var byName = (useConventions ? providers.FromEnvironment() : options.Providers.Select(p => providers.Build(p.Key, p.Value)))
            .OfType<ProviderModel>().ToFrozenDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        var routes = useConventions ? Routes(byName).AddRange(Conventions(byName)) : Routes(byName);
        var fallback = Default(byName);
        var adminKey = AdminKey();
        return errors.Count > 0 ? null : new GatewayModel
        {
            Providers = byName,
            Routes = routes,
            DefaultProvider = fallback,
            Prices = prices,
            Policies = policies,
            Tenants = tenants,
            Limits = options.Limits,
            Store = store,
            AdminKeySha256 = adminKey,
            LogFormat = options.Log.Format,
            Origin = origin,
        };
    }

    private CachePolicyCatalog Policies()
    {
        var overrides = options.CachePolicies.ToDictionary(p => p.Key, p => new CachePolicyOverride(p.Value)
        {
            Extends = p.Value.Extends,
            Models = [.. p.Value.Models.Select(m => new ModelRule(m.Match) { MinTokens = m.MinTokens, StepTokens = m.StepTokens, Ttl = m.Ttl, DropsThinking = m.DropsThinking })],
        }, StringComparer.OrdinalIgnoreCase);
        var catalog = CachePolicyCatalog.Shipped.With(overrides, out var wrong);
        errors.AddRange(wrong.Select(w => $"{Root}:{w}"));
        return catalog;
    }

    private PriceBook Prices()
    {
        var book = PriceBook.Shipped;
        if (options.PriceFile is { } file)
        {
            try
            {
                using var stream = File.OpenRead(file);
                var load = PriceBook.Load(stream, DateOnly.FromDateTime(File.GetLastWriteTimeUtc(file)));
                errors.AddRange(load.Errors.Select(e => $"{Root}:PriceFile: {e}"));
                book = load.Book ?? book;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                errors.Add($"{Root}:PriceFile: {exception.Message}");
            }
        }

        PriceOverride[] overrides = [.. options.Prices.Select(p => new PriceOverride
        {
            Model = p.Model,
            Provider = BookName(p.Provider),
            Input = p.Input,
            Output = p.Output,
            CacheRead = p.CacheRead,
            CacheWrite = p.CacheWrite,
            CacheWrite1h = p.CacheWrite1h,
            Storage = p.Storage,
        })];
        var wrong = overrides.SelectMany((o, i) => o.Errors().Select(e => $"{Root}:Prices:{i}: {e}")).ToArray();
        errors.AddRange(wrong);
        return wrong.Length == 0 ? book.WithOverrides(overrides) : book;
    }

    // The operator names a provider as configured, the book as its vendor does.
    private string? BookName(string? provider)
        => provider is not null && options.Providers.TryGetValue(provider, out var configured) ? ProviderModelBuilder.TraitsOf(provider, configured).Name : provider;

    private StoreModel Store()
    {
        string? redis = null;
        if (options.Store.Redis is { Length: > 0 } connection && !Secrets.TryResolve(connection, out redis))
        {
            errors.Add($"{Root}:Store:Redis: the variable {connection["env:".Length..]} is not set");
        }
        else if (redis is not null && !RedisStoreOptions.IsConnectionString(redis))
        {
            // Not quoted: it may hold a password.
            errors.Add($"{Root}:Store:Redis: cannot be read as a connection string, such as \"127.0.0.1:6379\", \"redis.example.com:6380,password=...,ssl=true\" or \"rediss://:PASSWORD@redis.example.com:6380\" (users other than \"default\" are not supported)");
        }

        string? secret = null;
        if (options.Store.Secret is { Length: > 0 } text && !Secrets.TryResolve(text, out secret))
        {
            errors.Add($"{Root}:Store:Secret: the variable {text["env:".Length..]} is not set");
        }
        else if (secret is { Length: < 32 })
        {
            errors.Add($"{Root}:Store:Secret: must have at least 32 characters; make one with: openssl rand -hex 32");
        }
        else if (secret is null && redis is not null)
        {
            errors.Add($"{Root}:Store:Secret: required with Redis, and the same for every gateway on it; make one with: openssl rand -hex 32");
        }

        return new StoreModel(redis, TimeSpan.FromMilliseconds(options.Store.TimeoutMs), secret, options.Store.MaxBytes, options.Store.MemoBytes);
    }

    private FrozenDictionary<string, string> Tenants()
    {
        var tenants = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < options.Tenants.Count; i++)
        {
            if (!tenants.TryAdd(options.Tenants[i].KeySha256, options.Tenants[i].Name))
            {
                errors.Add($"{Root}:Tenants:{i}: the key of {options.Tenants[i].Name} is {tenants[options.Tenants[i].KeySha256]}'s too");
            }
        }

        return tenants.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private ImmutableArray<RouteModel> Routes(FrozenDictionary<string, ProviderModel> providers)
    {
        var routes = ImmutableArray.CreateBuilder<RouteModel>();
        for (var i = 0; i < options.Models.Count; i++)
        {
            var route = options.Models[i];
            if (route.Providers.Count == 0)
            {
                errors.Add($"{Root}:Models:{i}:Providers: names no provider");
            }

            var targets = ImmutableArray.CreateBuilder<ProviderModel>();
            foreach (var name in route.Providers)
            {
                if (providers.TryGetValue(name, out var provider))
                {
                    targets.Add(provider);
                }
                else if (!options.Providers.ContainsKey(name))
                {
                    errors.Add($"{Root}:Models:{i}:Providers: there is no provider '{name}'");
                }
            }

            routes.Add(new RouteModel(route.Match, targets.ToImmutable(), route.Model, route.StripPrefix));
        }

        return routes.ToImmutable();
    }

    // Without configured providers the models that a preset names go to it, after the operator's own routes.
    private static IEnumerable<RouteModel> Conventions(FrozenDictionary<string, ProviderModel> providers)
        => from provider in providers.Values
           orderby provider.Name
           from pattern in provider.Traits.Models
           select new RouteModel(pattern, [provider], Model: null, StripPrefix: false);

    private ProviderModel? Default(FrozenDictionary<string, ProviderModel> providers)
    {
        if (options.DefaultProvider is not { } name)
        {
            return providers.Count == 1 ? providers.Values[0] : providers.GetValueOrDefault("openai");
        }

        if (!providers.TryGetValue(name, out var provider) && !options.Providers.ContainsKey(name))
        {
            errors.Add($"{Root}:DefaultProvider: there is no provider '{name}'");
        }

        return provider;
    }

    private string? AdminKey()
    {
        if (options.Admin.Key is not { Length: > 0 } text)
        {
            return null;
        }

        if (!Secrets.TryResolve(text, out var key))
        {
            errors.Add($"{Root}:Admin:Key: the variable {text["env:".Length..]} is not set");
            return null;
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }
}
