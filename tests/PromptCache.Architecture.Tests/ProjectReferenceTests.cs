using System.Xml.Linq;

namespace PromptCache.Architecture.Tests;

/// <summary>References point left only; a project exists because a dependency enters there.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> AllowedProjects = new(StringComparer.Ordinal)
    {
        ["PromptCache.Core"] = [],
        ["PromptCache.Tokenizers"] = ["PromptCache.Core"],
        ["PromptCache.Providers"] = ["PromptCache.Core"],
        ["PromptCache.Redis"] = ["PromptCache.Core"],
        ["PromptCache.Simulator"] = ["PromptCache.Core", "PromptCache.Tokenizers"],
        ["PromptCache.Gateway"] = ["PromptCache.Core", "PromptCache.Providers", "PromptCache.Redis", "PromptCache.Simulator", "PromptCache.Tokenizers"],
    };

    private static readonly Dictionary<string, string[]> AllowedPackages = new(StringComparer.Ordinal)
    {
        ["PromptCache.Core"] = [],
        ["PromptCache.Tokenizers"] = [],
        ["PromptCache.Providers"] = [],
        ["PromptCache.Redis"] = ["StackExchange.Redis"],
        ["PromptCache.Simulator"] = [],
        ["PromptCache.Gateway"] = ["OpenTelemetry", "OpenTelemetry.Exporter.OpenTelemetryProtocol", "Serilog", "Serilog.Extensions.Logging", "Serilog.Settings.Configuration", "Serilog.Sinks.Console", "Spectre.Console", "System.CommandLine", "Yarp.ReverseProxy"],
    };

    [Fact]
    public void Projects_AreTheOnesInTheDesign()
        => Projects().Select(p => p.Name).Order(StringComparer.Ordinal).ShouldBe(AllowedProjects.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void ProjectReferences_PointLeft()
    {
        foreach (var (name, project) in Projects())
        {
            Names(project, "ProjectReference").ShouldBe(AllowedProjects[name], $"{name} references other projects than the design allows");
        }
    }

    [Fact]
    public void Packages_EnterWhereTheDesignSays()
    {
        foreach (var (name, project) in Projects())
        {
            Names(project, "PackageReference").Where(p => !p.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal))
                .ShouldBe(AllowedPackages[name], $"{name} takes other packages than the design allows");
        }
    }

    private static IEnumerable<(string Name, XDocument Project)> Projects()
        => Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(f => (Path.GetFileNameWithoutExtension(f), XDocument.Load(f)));

    private static IEnumerable<string> Names(XDocument project, string element)
        => project.Descendants(element).Select(e => Path.GetFileNameWithoutExtension(e.Attribute("Include")!.Value.Replace('\\', '/') is var include && include.EndsWith(".csproj", StringComparison.Ordinal) ? include : include + ".x"))
            .Order(StringComparer.Ordinal);
}
