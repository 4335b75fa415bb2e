using System.ComponentModel.DataAnnotations;

namespace PromptCache.Gateway.Configuration;

/// <summary>What differs for the models of one name pattern.</summary>
internal sealed class ModelRuleOptions
{
    [Required]
    public string Match { get; set; } = "";

    public int? MinTokens { get; set; }

    public int? StepTokens { get; set; }

    public TimeSpan? Ttl { get; set; }

    public bool? DropsThinking { get; set; }
}
