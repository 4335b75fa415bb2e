namespace PromptCache.Core.Pricing;

/// <summary>What is wrong with one line of a price file.</summary>
/// <param name="Where">The line's number, or the provider and model.</param>
/// <param name="Text">What is wrong.</param>
/// <param name="IsError">Whether the file must be refused; otherwise it is a warning.</param>
public sealed record PriceProblem(string Where, string Text, bool IsError = true)
{
    public override string ToString() => $"{(IsError ? "error" : "warning")}: {Where}: {Text}";
}
