using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PromptCache.Simulator.Tests.Gemini;

internal static class GeminiCalls
{
    public const string Model = "gemini-2.5-flash";

    public static readonly (string, string)[] Headers = [("x-goog-api-key", "key")];

    public static JsonObject Turn(string role, string text) => new() { ["role"] = role, ["parts"] = new JsonArray(new JsonObject { ["text"] = text }) };

    public static JsonObject Request(params JsonNode[] contents) => new() { ["contents"] = new JsonArray(contents) };

    public static async Task<JsonElement> GenerateAsync(this TestSimulator simulator, JsonNode body, params (string, string)[] headers)
    {
        var (status, reply) = await simulator.PostAsync($"/v1beta/models/{Model}:generateContent", body, [.. Headers, .. headers]);
        status.ShouldBe(200, reply.ToString());
        return reply;
    }

    /// <summary>Calls the cachedContents endpoint.</summary>
    public static async Task<(int Status, JsonElement Body)> CacheAsync(this TestSimulator simulator, HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, $"/v1beta/{path}") { Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Add("x-goog-api-key", "key");
        using var response = await simulator.Client.SendAsync(request);
        return ((int)response.StatusCode, (await response.Content.ReadAsStringAsync()).Parse());
    }

    public static int Cached(JsonElement reply) => reply.At("usageMetadata", "cachedContentTokenCount") is { ValueKind: JsonValueKind.Number } count ? count.GetInt32() : 0;
}
