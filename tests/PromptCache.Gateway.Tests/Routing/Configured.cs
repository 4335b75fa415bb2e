using PromptCache.Gateway.Configuration;

namespace PromptCache.Gateway.Tests.Routing;

/// <summary>A configuration as the gateway reads it.</summary>
internal static class Configured
{
    /// <summary>Providers a, b and c, and what else the test says.</summary>
    public static GatewayModel Model(string more, string providers = "")
    {
        var (model, errors) = new ConfigurationFile(null, $$"""
            { "PromptCache": {
                "Providers": {
                    "a": { "BaseUrl": "http://a/v1", "ApiKey": "none", "CachePolicy": "electron" },
                    "b": { "BaseUrl": "http://b/v1", "ApiKey": "none", "CachePolicy": "electron" },
                    "c": { "BaseUrl": "http://c/v1", "ApiKey": "none" } {{providers}} },
                {{more}} } }
            """).Read();
        errors.ShouldBeEmpty();
        return model.ShouldNotBeNull();
    }

    /// <summary>A provider with so many replicas.</summary>
    public static ProviderModel Replicas(int count)
    {
        var urls = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"http://replica-{i}/v1\""));
        var (model, errors) = new ConfigurationFile(null, $$"""{ "PromptCache": { "Providers": { "engine": { "BaseUrls": [{{urls}}], "ApiKey": "none" } } } }""").Read();
        errors.ShouldBeEmpty();
        return model.ShouldNotBeNull().Providers["engine"];
    }
}
