namespace PromptCache.Simulator.Caching;

/// <summary>The levels of a prompt in their order; a change in one invalidates what follows.</summary>
internal enum PromptLevel
{
    Tools,
    System,
    Messages,
}
