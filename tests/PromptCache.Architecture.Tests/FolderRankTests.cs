namespace PromptCache.Architecture.Tests;

/// <summary>Data flows one way through the folders: a file uses only folders of a lower rank. C# allows cycles, so the usings are read.</summary>
public sealed class FolderRankTests
{
    public static TheoryData<string, string[]> Ranks => new()
    {
        { "PromptCache.Core", ["Wire", "Requests", "Prefixes", "Tokens", "Blocks", "Store", "Policies", "Usage", "Pricing", "Responses"] },
        { "PromptCache.Gateway", ["Configuration", "Telemetry", "Tenancy", "Routing", "Forwarding", "ResponseBody", "Explain", "Engines", "Pipeline", "Admin", "Hosting", "Commands"] },
    };

    [Theory]
    [MemberData(nameof(Ranks))]
    public void Files_UseLowerFoldersOnly(string project, string[] folders)
    {
        var upward = new List<string>();
        foreach (var (path, lines) in Repository.Sources($"src/{project}"))
        {
            var own = Rank(folders, path.Split('/')[2]);
            if (own < 0)
            {
                continue;   // Program.cs sees everything
            }

            upward.AddRange(from line in lines
                            where line.StartsWith($"using {project}.", StringComparison.Ordinal) || line.StartsWith($"using static {project}.", StringComparison.Ordinal)
                            let used = line.Split(project + ".", 2)[1].Split('.', ';')[0]
                            where Rank(folders, used) > own
                            select $"{path}: {line}");
        }

        upward.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Ranks))]
    public void Folders_AreTheRankedOnes(string project, string[] folders)
        => Directory.GetDirectories(Path.Combine(Repository.Root, "src", project)).Select(Path.GetFileName)
            .Where(f => f is not ("bin" or "obj" or "Properties"))
            .ShouldAllBe(f => folders.Contains(f));

    [Fact]
    public void Namespaces_AreTheFolders()
    {
        var wrong = from source in Repository.Sources("src")
                    let declared = source.Lines.FirstOrDefault(l => l.StartsWith("namespace ", StringComparison.Ordinal))
                    where declared is not null
                    let expected = $"namespace {Path.GetDirectoryName(source.Path)!.Replace('\\', '/')["src/".Length..].Replace('/', '.')};"
                    where declared != expected
                    select $"{source.Path}: {declared}";
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Usings_AreVisible()
        => Repository.Sources("src").Where(s => s.Lines.Any(l => l.StartsWith("global using PromptCache", StringComparison.Ordinal))).ShouldBeEmpty();

    private static int Rank(string[] folders, string folder) => Array.IndexOf(folders, folder);
}
