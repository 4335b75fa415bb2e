namespace PromptCache.Architecture.Tests;

/// <summary>The repository's own files, as the tests read them.</summary>
internal static class Repository
{
    /// <summary>
    /// The folder that holds the solution, looked for upwards from the test's assembly. The path of a source file, as the compiler knows it, is no help:
    /// a build on CI is deterministic and says <c>/_/</c> instead of the folder it was built in.
    /// </summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All hand-written C# files below a folder, with their path from the root.</summary>
    public static IEnumerable<(string Path, string[] Lines)> Sources(string folder)
        => from file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
           let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
           where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
           orderby path
           select (path, File.ReadAllLines(file));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PromptCache.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds PromptCache.sln.");
        }

        return folder.FullName;
    }
}
