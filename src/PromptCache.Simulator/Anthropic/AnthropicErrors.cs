using System.Text.Json.Nodes;
using PromptCache.Simulator.Faults;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Anthropic;

/// <summary>Errors as Anthropic writes them: <c>{"type":"error","error":{"type","message"},"request_id"}</c>.</summary>
internal sealed class AnthropicErrors : IErrorShape
{
    public static AnthropicErrors Instance { get; } = new();

    public JsonObject Body(Refusal refusal) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = TypeOf(refusal.Status), ["message"] = refusal.Message },
        ["request_id"] = "req_sim",
    };

    public void AddHeaders(IHeaderDictionary headers, int status)
    {
        headers["request-id"] = "req_sim";
        if (status == 429)
        {
            headers.RetryAfter = "1";
            headers["anthropic-ratelimit-requests-limit"] = "50";
            headers["anthropic-ratelimit-requests-remaining"] = "0";
            headers["anthropic-ratelimit-requests-reset"] = "2026-11-21T12:00:01Z";
        }
    }

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
