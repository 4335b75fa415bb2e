using System.Text.Json;

namespace PromptCache.Core.Tokens;

/// <summary>
/// What a tool definition costs, estimated as OpenAI's cookbook does ("How to count tokens with tiktoken", num_tokens_for_tools):
/// the provider renders tools in a way of its own and publishes no exact rule. docs/token-counting.md has it in full.
/// </summary>
public static class ToolTokenRule
{
    /// <summary>Added once for a request that has tools: the end of their list.</summary>
    public const int ListEnd = 12;

    internal const int PropertiesInit = 3;
    internal const int PropertyKey = 3;
    internal const int EnumInit = -3;
    internal const int EnumItem = 3;

    /// <summary>
    /// The tokens of one tool definition, <see cref="ChatFormat.FunctionInit"/> included and <see cref="ListEnd"/> not. Takes any bytes:
    /// what the cookbook's rule does not know counts as its own compact text, and what is no JSON object as text.
    /// </summary>
    /// <param name="toolJson">One element of <c>tools</c>, <c>{"type":"function","function":{...}}</c>, or the function alone.</param>
    /// <param name="tokenizer">The model's encoding.</param>
    /// <param name="format">The model's chat format.</param>
    public static int Count(ReadOnlySpan<byte> toolJson, ITokenizer tokenizer, ChatFormat format)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(format);
        try
        {
            var counter = new ToolTokenCounter(tokenizer);
            return format.FunctionInit + counter.Tool(toolJson);
        }
        catch (JsonException)
        {
            return format.FunctionInit + tokenizer.Count(toolJson);   // broken or absurdly nested: the caller decides what to do with it, this is only a count
        }
    }
}
