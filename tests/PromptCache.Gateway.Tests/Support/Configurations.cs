namespace PromptCache.Gateway.Tests.Support;

/// <summary>Configurations in few words.</summary>
internal static class Configurations
{
    /// <summary>Providers named <c>p0</c>, <c>p1</c>, ... that serve the model <c>electron</c> in this order.</summary>
    public static string Fallback(params string[] providers) => $$"""
        { "PromptCache": {
            "Providers": { {{string.Join(", ", providers.Select((p, i) => $"\"p{i}\": {{ \"Protocol\": \"openai\", {p} }}"))}} },
            "Models": [ { "Match": "electron", "Providers": [ {{string.Join(", ", providers.Select((_, i) => $"\"p{i}\""))}} ] } ] } }
        """;

    /// <summary>One provider in store mode, with a log.</summary>
    public static Task<TestGateway> LoggedAsync(string baseUrl, EventLog log, string provider = """ "CachePolicy": "electron", "Usage": "store" """) => TestGateway.StartAsync($$"""
        { "PromptCache": {
            "Providers": { "sim": { "Protocol": "openai", "BaseUrl": "{{baseUrl}}", "ApiKey": "none", {{provider}} } },
            "Prices": [ { "Model": "electron", "Input": 0.40, "CacheRead": 0.10, "Output": 1.60 } ] } }
        """, logs: log);
}
