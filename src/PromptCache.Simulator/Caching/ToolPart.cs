using PromptCache.Core.Tokens;

namespace PromptCache.Simulator.Caching;

/// <summary>Tool definitions as prompt parts, counted by the cookbook's rule that the product documents in docs/token-counting.md.</summary>
internal static class ToolPart
{
    public static PromptPart Of(byte[] definition, ModelTokenizer model) => new(PromptLevel.Tools, "tool", definition)
    {
        ExtraTokens = model.Format.FunctionInit,
        Billed = ToolTokenRule.Count(definition, model.Tokenizer, model.Format) - model.Format.FunctionInit,
    };

    /// <summary>The end of the list costs something as well; it belongs to the last definition.</summary>
    public static void EndList(List<PromptPart> parts)
    {
        if (parts is [.., { Level: PromptLevel.Tools } last])
        {
            parts[^1] = last with { TailTokens = ToolTokenRule.ListEnd };
        }
    }
}
