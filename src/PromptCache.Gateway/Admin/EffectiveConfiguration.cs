using System.Text.Json;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;

namespace PromptCache.Gateway.Admin;

/// <summary>The configuration in force, for people. Holds no key, no secret and no connection string: of those it says only where they come from.</summary>
internal static class EffectiveConfiguration
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static object Of(GatewayModelSource configuration, PrefixEngineSource engines)
    {
        var model = configuration.Current;
        return new
        {
            model.Origin,
            Refused = configuration.LastErrors,
            Store = new { engines.Store.Kind, engines.Store.State, TimeoutMs = model.Store.Timeout.TotalMilliseconds, model.Store.MaxBytes, model.Store.MemoBytes, Secret = model.Store.Secret is null ? "random" : "configured" },
            Providers = model.Providers.Values.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => new
            {
                p.Name,
                Protocol = p.Protocol.Name,
                // A query can be a key.
                BaseUrls = p.Destinations.Select(d => d.BaseUrl.GetLeftPart(UriPartial.Path) + (d.BaseUrl.Query.Length > 0 ? "?..." : "")),
                ApiKey = p.KeyMode switch { KeyMode.Own => "configured", KeyMode.PassThrough => "the client's", KeyMode.None => "none", _ => "missing: the variable is not set" },
                CachePolicy = p.CachePolicy.Name,
                Usage = p.Usage.ToString().ToLowerInvariant(),
                TimeoutSeconds = p.Timeout.TotalSeconds,
                Breakpoints = p.Breakpoints.ToString().ToLowerInvariant(),
                p.Affinity,
                p.Tokenizer,
                Headers = p.Headers.Select(h => h.Key),
            }),
            Models = model.Routes.Select(r => new { r.Match, Providers = r.Providers.Select(p => p.Name), r.Model, r.StripPrefix }),
            DefaultProvider = model.DefaultProvider?.Name,
            model.Limits,
            Tenants = model.Tenants.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            Admin = model.AdminKeySha256 is null ? "loopback" : "key",
        };
    }
}
