namespace PromptCache.Providers;

/// <summary>What a response translator has to know.</summary>
/// <param name="Model">The model as the client called it: the response names it so.</param>
/// <param name="RequestId">The id for responses that have none.</param>
/// <param name="Created">Unix seconds for <c>created</c>.</param>
public readonly record struct ResponseTranslation(string Model, string RequestId, long Created);
