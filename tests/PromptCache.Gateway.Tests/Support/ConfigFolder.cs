namespace PromptCache.Gateway.Tests.Support;

/// <summary>A directory of its own for configuration files.</summary>
internal sealed class ConfigFolder : IDisposable
{
    public ConfigFolder(string? text = null)
    {
        if (text is not null)
        {
            File.WriteAllText(FileName, text);
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("promptcache-").FullName;

    public string FileName => System.IO.Path.Combine(Path, "promptcache.json");

    /// <summary>Writes beside the file and renames over it.</summary>
    public void Replace(string text)
    {
        File.WriteAllText(FileName + ".new", text);
        File.Move(FileName + ".new", FileName, overwrite: true);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
