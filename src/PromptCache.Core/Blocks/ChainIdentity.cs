namespace PromptCache.Core.Blocks;

/// <summary>Whose prefix it is: what goes into the chain's root, beside the format version.</summary>
/// <param name="Tenant">From authentication, never from the body.</param>
/// <param name="Provider">The configured provider's name.</param>
/// <param name="Model">The model's name as the provider knows it.</param>
/// <param name="Tokenizer">The encoding's name.</param>
/// <param name="Cache">Which of the provider's caches, where it has several that know nothing of each other; empty: the one, or the first.</param>
public readonly record struct ChainIdentity(string Tenant, string Provider, string Model, string Tokenizer, string Cache = "");
