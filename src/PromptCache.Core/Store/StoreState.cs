namespace PromptCache.Core.Store;

/// <summary>Whether the guarded store is being used.</summary>
public enum StoreState
{
    /// <summary>It is asked and answers.</summary>
    Serving,

    /// <summary>It failed several times in a row and is left alone; one call at a time tries it again.</summary>
    Bypassed,
}
