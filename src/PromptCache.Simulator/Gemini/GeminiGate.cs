using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Gemini;

/// <summary>Every request to Google carries a key.</summary>
internal static class GeminiGate
{
    public static Refusal? Check(HttpRequest request)
        => request.Headers["x-goog-api-key"].ToString() is "" && request.Query["key"].ToString() is "" && request.Headers.Authorization.ToString() is ""
            ? new(403, "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.")
            : null;
}
