using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration.Json;

namespace PromptCache.Gateway.Configuration;

/// <summary>Reads the configuration from its file and the environment, afresh on every call.</summary>
/// <param name="path">The file; null: there is none, and the conventional variables decide.</param>
/// <param name="text">The file's content where there is no file: a configuration made by a program.</param>
/// <param name="own">Where the gateway will listen; null: it will not.</param>
internal sealed class ConfigurationFile(string? path, string? text = null, OwnAddresses? own = null)
{
    public const string DefaultName = "promptcache.json";

    public string? Path { get; } = path;

    /// <summary>For people: where the configuration comes from.</summary>
    public string Origin => Path ?? (text is not null ? "a program" : "built-in defaults and the environment");

    /// <summary>Finds the file: what was named, else <c>./promptcache.json</c>, else none.</summary>
    public static ConfigurationFile Locate(string? named, OwnAddresses? own = null)
        => new(named is not null ? System.IO.Path.GetFullPath(named) : File.Exists(DefaultName) ? System.IO.Path.GetFullPath(DefaultName) : null, text: null, own);

    /// <summary>Reads and validates; the model is null when there are errors.</summary>
    public (GatewayModel? Model, IReadOnlyList<string> Errors) Read()
    {
        var errors = new List<string>();
        if (Load(errors) is not { } configuration)
        {
            return (null, errors);
        }

        var options = new PromptCacheOptions();
        errors.AddRange(Strangers(configuration));
        new StrictBinder(errors).Bind(configuration.GetSection(PromptCacheOptions.SectionName), options);
        var model = new GatewayModelBuilder(options, Origin, own, errors).Build(useConventions: options.Providers.Count == 0);
        return (errors.Count == 0 ? model : null, errors);
    }

    /// <summary>The <see cref="Fingerprint"/> of what was read last; null: nothing yet.</summary>
    public byte[]? LastRead { get; private set; }

    /// <summary>What tells one content of the file from another; null: there is no file, or it cannot be read now.</summary>
    public byte[]? Fingerprint()
    {
        try
        {
            return Path is null ? null : SHA256.HashData(File.ReadAllBytes(Path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // What stands beside the section would be passed over in silence. The environment is full of strangers, the file is ours.
    private static IEnumerable<string> Strangers(IConfigurationRoot configuration)
        => from provider in configuration.Providers.OfType<JsonStreamConfigurationProvider>()
           from key in provider.GetChildKeys([], parentPath: null).Distinct(StringComparer.OrdinalIgnoreCase)
           where !key.Equals(PromptCacheOptions.SectionName, StringComparison.OrdinalIgnoreCase) && key is not "$schema"
           select $"{key}: unknown key; everything stands below {PromptCacheOptions.SectionName}";

    private IConfigurationRoot? Load(List<string> errors)
    {
        try
        {
            var builder = new ConfigurationBuilder();
            if (Path is not null)
            {
                var bytes = File.ReadAllBytes(Path);
                LastRead = SHA256.HashData(bytes);
                builder.AddJsonStream(new MemoryStream(bytes));
            }

            if (text is not null)
            {
                return builder.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(text))).Build();
            }

            return builder.AddEnvironmentVariables().Build();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or JsonException or InvalidDataException)
        {
            // What cannot be parsed can hold a key: the place is told, the text is not.
            errors.Add((exception as JsonException ?? exception.InnerException as JsonException) is { } json ? $"{Origin}: line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}: not valid JSON" : $"{Origin}: {exception.Message}");
            return null;
        }
    }
}
