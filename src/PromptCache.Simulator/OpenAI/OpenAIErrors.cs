using System.Text.Json.Nodes;
using PromptCache.Simulator.Faults;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.OpenAI;

/// <summary>Errors as OpenAI writes them: <c>{"error":{"message","type","param","code"}}</c>.</summary>
internal sealed class OpenAIErrors : IErrorShape
{
    public static OpenAIErrors Instance { get; } = new();

    public JsonObject Body(Refusal refusal) => new()
    {
        ["error"] = new JsonObject
        {
            ["message"] = refusal.Message,
            ["type"] = TypeOf(refusal.Status),
            ["param"] = refusal.Param,
            ["code"] = refusal.Code ?? CodeOf(refusal.Status),
        },
    };

    public void AddHeaders(IHeaderDictionary headers, int status)
    {
        if (status is 429 or 503)
        {
            headers.RetryAfter = "1";
        }

        if (status == 429)
        {
            headers["x-ratelimit-limit-requests"] = "60";
            headers["x-ratelimit-remaining-requests"] = "0";
            headers["x-ratelimit-reset-requests"] = "1s";
            headers["x-ratelimit-limit-tokens"] = "150000";
            headers["x-ratelimit-remaining-tokens"] = "149984";
            headers["x-ratelimit-reset-tokens"] = "6ms";
        }
    }

    private static string TypeOf(int status) => status switch
    {
        429 => "requests",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    private static string? CodeOf(int status) => status switch
    {
        401 => "invalid_api_key",
        404 => "not_found",
        429 => "rate_limit_exceeded",
        503 => "service_unavailable",
        _ => null,
    };
}
