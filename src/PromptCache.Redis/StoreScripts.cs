namespace PromptCache.Redis;

/// <summary>The scripts that run in the server. They ship inside the assembly.</summary>
internal static class StoreScripts
{
    /// <summary>Finds and refreshes; writes, so it must run on the primary.</summary>
    public static string Find { get; } = Read("common.lua") + Read("find.lua");

    public static string Record { get; } = Read("common.lua") + Read("record.lua");

    private static string Read(string name)
    {
        using var stream = typeof(StoreScripts).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly was built without {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
