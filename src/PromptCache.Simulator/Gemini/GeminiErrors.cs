using System.Text.Json.Nodes;
using PromptCache.Simulator.Faults;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Gemini;

/// <summary>Errors as Google writes them: <c>{"error":{"code","message","status"}}</c>.</summary>
internal sealed class GeminiErrors : IErrorShape
{
    public static GeminiErrors Instance { get; } = new();

    public JsonObject Body(Refusal refusal)
    {
        var error = new JsonObject { ["code"] = refusal.Status, ["message"] = refusal.Message, ["status"] = StatusOf(refusal.Status) };
        if (refusal.Status == 429)
        {
            error["details"] = new JsonArray(new JsonObject { ["@type"] = "type.googleapis.com/google.rpc.RetryInfo", ["retryDelay"] = "1s" });
        }

        return new() { ["error"] = error };
    }

    // Google says in the body when to try again.
    public void AddHeaders(IHeaderDictionary headers, int status)
    {
    }

    private static string StatusOf(int status) => status switch
    {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        >= 500 => "INTERNAL",
        _ => "INVALID_ARGUMENT",
    };
}
