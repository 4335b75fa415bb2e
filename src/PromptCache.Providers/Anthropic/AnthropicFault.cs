using PromptCache.Core.Requests;

namespace PromptCache.Providers.Anthropic;

/// <summary>Builds the path of a fault from the inside out: a request without one pays for no path.</summary>
internal static class AnthropicFault
{
    /// <summary>A fault of the value itself, or of a member of it; the message goes on from the path: <c>must be a string.</c></summary>
    public static RequestError Here(string param, string message, string code = "invalid_type") => new(message, param, code);

    /// <summary>The same fault, seen from one level further out.</summary>
    public static RequestError Within(this RequestError error, string outer)
        => error with { Param = error.Param is not { Length: > 0 } inner ? outer : inner[0] == '[' ? outer + inner : $"{outer}.{inner}" };

    /// <summary>The fault in a sentence that begins with its path.</summary>
    public static RequestError Spelled(this RequestError error) => error with { Message = $"'{error.Param}' {error.Message}" };
}
