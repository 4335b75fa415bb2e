namespace PromptCache.Gateway.Configuration;

/// <summary>The console's form.</summary>
internal enum LogFormat
{
    Text,
    Json,
}
