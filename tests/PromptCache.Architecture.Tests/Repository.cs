using System.Runtime.CompilerServices;

namespace PromptCache.Architecture.Tests;

/// <summary>The repository's own files, as the tests read them.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    /// <summary>All hand-written C# files below a folder, with their path from the root.</summary>
    public static IEnumerable<(string Path, string[] Lines)> Sources(string folder)
        => from file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
           let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
           where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
           orderby path
           select (path, File.ReadAllLines(file));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
