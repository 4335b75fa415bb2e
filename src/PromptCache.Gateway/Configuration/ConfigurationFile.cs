using System.Text;
using System.Text.Json;

namespace PromptCache.Gateway.Configuration;

/// <summary>Reads the configuration from its file and the environment, afresh on every call.</summary>
/// <param name="path">The file; null: there is none, and the conventional variables decide.</param>
/// <param name="text">The file's content where there is no file: a configuration made by a program.</param>
internal sealed class ConfigurationFile(string? path, string? text = null)
{
    public const string DefaultName = "promptcache.json";

    public string? Path { get; } = path;

    /// <summary>For people: where the configuration comes from.</summary>
    public string Origin => Path ?? (text is not null ? "a program" : "built-in defaults and the environment");

    /// <summary>Finds the file: what was named, else <c>./promptcache.json</c>, else none.</summary>
    public static ConfigurationFile Locate(string? named)
        => new(named is not null ? System.IO.Path.GetFullPath(named) : File.Exists(DefaultName) ? System.IO.Path.GetFullPath(DefaultName) : null);

    /// <summary>Reads and validates; the model is null when there are errors.</summary>
    public (GatewayModel? Model, IReadOnlyList<string> Errors) Read()
    {
        var errors = new List<string>();
        if (Load(errors) is not { } configuration)
        {
            return (null, errors);
        }

        var options = new PromptCacheOptions();
        new StrictBinder(errors).Bind(configuration.GetSection(PromptCacheOptions.SectionName), options);
        var model = new GatewayModelBuilder(options, Origin, errors).Build(useConventions: options.Providers.Count == 0);
        return (errors.Count == 0 ? model : null, errors);
    }

    private IConfigurationRoot? Load(List<string> errors)
    {
        try
        {
            var builder = new ConfigurationBuilder();
            if (Path is not null)
            {
                builder.AddJsonStream(new MemoryStream(File.ReadAllBytes(Path)));
            }

            if (text is not null)
            {
                return builder.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(text))).Build();
            }

            return builder.AddEnvironmentVariables().Build();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or JsonException or InvalidDataException)
        {
            errors.Add($"{Path}: {(exception.InnerException ?? exception).Message}");
            return null;
        }
    }
}
