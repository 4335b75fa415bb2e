using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace PromptCache.Simulator.Text;

/// <summary>A request's body as a JSON object.</summary>
internal static class JsonBody
{
    public static bool TryParse(byte[] body, [NotNullWhen(true)] out JsonDocument? document, [NotNullWhen(false)] out string? problem)
    {
        (document, problem) = (null, null);
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException exception)
        {
            problem = exception.Message;
            return false;
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return true;
        }

        document.Dispose();
        (document, problem) = (null, "The body is not an object.");
        return false;
    }
}
