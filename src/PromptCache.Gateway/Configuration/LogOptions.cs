namespace PromptCache.Gateway.Configuration;

/// <summary>What goes to the console.</summary>
internal sealed class LogOptions
{
    public LogFormat Format { get; set; } = LogFormat.Text;
}
