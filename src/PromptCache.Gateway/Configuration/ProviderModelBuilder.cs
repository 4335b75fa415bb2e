using System.Collections.Immutable;
using PromptCache.Core.Policies;
using PromptCache.Providers;
using PromptCache.Providers.Presets;
using PromptCache.Tokenizers;

namespace PromptCache.Gateway.Configuration;

/// <summary>Makes a <see cref="ProviderModel"/> of what the operator wrote over the preset of the same name.</summary>
internal sealed class ProviderModelBuilder(CachePolicyCatalog policies, bool hasTenants, OwnAddresses? own, List<string> errors)
{
    private const string Root = PromptCacheOptions.SectionName + ":Providers";
    private static readonly IReadOnlyList<string> Encodings = new TokenizerCatalog().Encodings;

    /// <summary>Without any configuration: every preset whose key variable is set, and OpenAI in any case (a client's own key is passed on, unless tenants are configured).</summary>
    public IEnumerable<ProviderModel?> FromEnvironment()
        => ProviderPresets.All
            .Where(p => (p.Name == "openai" && !hasTenants) || (p.KeyVariable is { } variable && !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)) && p.BaseUrl is not null))
            .Select(p => Build(p.Name, new ProviderOptions
            {
                ApiKey = p.KeyVariable is { } variable && !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)) ? "env:" + variable : null,
                BaseUrl = Environment.GetEnvironmentVariable($"{p.Name.ToUpperInvariant()}_BASE_URL") is { Length: > 0 } url && !IsOwn(url) ? url : null,
            }));

    // The same variables tell clients where the gateway is.
    private bool IsOwn(string url) => own is not null && Uri.TryCreate(url, UriKind.Absolute, out var address) && own.Contains(address);

    public ProviderModel? Build(string name, ProviderOptions options)
    {
        var path = $"{Root}:{name}";
        if (name.Length > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            errors.Add($"{path}: a provider's name has up to 64 letters, digits, '-', '_' and '.'; it stands in headers and before the '/' of a model's name");
        }

        if (options.Preset is { } named && !ProviderPresets.TryGet(named, out _))
        {
            errors.Add($"{path}:Preset: there is no preset '{named}'");
        }

        var preset = TraitsOf(name, options);

        if (!WireProtocols.TryGet(options.Protocol ?? preset.Protocol, out var protocol))
        {
            errors.Add($"{path}:Protocol: '{options.Protocol}' is not one of {string.Join(", ", WireProtocols.Names)}");
        }

        if (options.Tokenizer is { } encoding && !Encodings.Contains(encoding, StringComparer.Ordinal))
        {
            errors.Add($"{path}:Tokenizer: '{encoding}' is not one of {string.Join(", ", Encodings)}");
        }

        var urls = BaseUrls(path, options, preset);
        var policyName = options.CachePolicy ?? preset.CachePolicy;
        if (!policies.TryGet(policyName, out var policy))
        {
            errors.Add($"{path}:CachePolicy: there is no policy '{policyName}'");
        }

        if (options.Timeout < TimeSpan.FromSeconds(1) || options.Timeout > TimeSpan.FromHours(1))
        {
            errors.Add($"{path}:Timeout: must be from 1 s to 1 h");
        }

        var (keyMode, key) = Key(path, options);
        return protocol is null || policy is null ? null : new ProviderModel
        {
            Name = name,
            Protocol = protocol,
            Destinations = [.. urls.Select(DestinationModel.Of)],
            KeyMode = keyMode,
            ApiKey = key,
            CachePolicy = policy,
            Usage = options.Usage,
            Timeout = options.Timeout,
            Breakpoints = options.Breakpoints ?? Enum.Parse<BreakpointMode>(preset.Breakpoints, ignoreCase: true),
            Affinity = options.Affinity ?? true,
            Tokenizer = options.Tokenizer,
            Headers = HeadersOf(path, options),
            Traits = preset,
        };
    }

    /// <summary>The preset of that name; else what the protocol implies, and then nothing more is sent than the client sent.</summary>
    public static ProviderPreset TraitsOf(string name, ProviderOptions options)
        => ProviderPresets.TryGet(options.Preset ?? name, out var preset) ? preset
            : options.Protocol is "anthropic" or "gemini" && ProviderPresets.TryGet(options.Protocol, out var implied) ? implied
            : new ProviderPreset { Name = name };

    private ImmutableArray<Uri> BaseUrls(string path, ProviderOptions options, ProviderPreset preset)
    {
        IEnumerable<string> texts = options.BaseUrls.Count > 0 ? options.BaseUrls : (options.BaseUrl ?? preset.BaseUrl) is { } single ? [single] : [];
        var urls = ImmutableArray.CreateBuilder<Uri>();
        foreach (var text in texts)
        {
            if (Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", Fragment: "", UserInfo: "" })
            {
                urls.Add(url);
                if (own?.Contains(url) is true)
                {
                    errors.Add($"{path}:BaseUrl: '{text}' is this gateway itself; a request to it would never end");
                }
            }
            else
            {
                // Not quoted where it may hold a credential: errors stand in logs and in /readyz.
                errors.Add($"{path}:BaseUrl: {(text.AsSpan().ContainsAny('@', '?') ? "this" : $"'{text}'")} is not an http or https address without credentials and fragment");
            }
        }

        if (!texts.Any())
        {
            errors.Add($"{path}:BaseUrl: missing");
        }

        if (options.BaseUrl is not null && options.BaseUrls.Count > 0)
        {
            errors.Add($"{path}: BaseUrl and BaseUrls exclude each other");
        }

        return urls.ToImmutable();
    }

    private (KeyMode Mode, string? Key) Key(string path, ProviderOptions options)
    {
        switch (options.ApiKey)
        {
            case null or "" when hasTenants:
                errors.Add($"{path}:ApiKey: required when tenants are configured, because a tenant's key never leaves; \"none\" says that none is needed");
                return (KeyMode.Missing, null);
            case null or "":
                return (KeyMode.PassThrough, null);
            case "none":
                return (KeyMode.None, null);
            case var text when Secrets.TryResolve(text, out var key):
                if (!IsHeaderValue(key))
                {
                    // Not quoted: it is a key.
                    errors.Add($"{path}:ApiKey: has characters that no header may have");
                }

                return (KeyMode.Own, key);
            case var text:
                if (hasTenants)
                {
                    errors.Add($"{path}:ApiKey: the variable {text["env:".Length..]} is not set");
                }

                return (KeyMode.Missing, null);
        }
    }

    private static bool IsHeaderValue(string value) => !value.Any(c => c is < ' ' or > '~');

    private ImmutableArray<KeyValuePair<string, string>> HeadersOf(string path, ProviderOptions options)
    {
        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var (name, text) in options.Headers)
        {
            if (!name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
            {
                errors.Add($"{path}:Headers:{name}: is not a header's name");
            }
            else if (Secrets.TryResolve(text, out var value) && IsHeaderValue(value))
            {
                headers.Add(new(name, value));
            }
            else
            {
                errors.Add($"{path}:Headers:{name}: {(value is null ? "the value is empty, or the variable that it names is not set" : "has characters that no header may have")}");
            }
        }

        return headers.ToImmutable();
    }
}
