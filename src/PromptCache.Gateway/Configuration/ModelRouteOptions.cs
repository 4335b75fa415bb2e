using System.ComponentModel.DataAnnotations;

namespace PromptCache.Gateway.Configuration;

/// <summary>Which providers serve the models of one name pattern.</summary>
internal sealed class ModelRouteOptions
{
    /// <summary>The model's name; <c>*</c> stands for anything.</summary>
    [Required]
    public string Match { get; set; } = "";

    /// <summary>Tried in this order.</summary>
    public List<string> Providers { get; set; } = [];

    /// <summary>The name that the provider is asked for; default: the client's.</summary>
    public string? Model { get; set; }

    /// <summary>Whether everything up to the first <c>/</c> is taken off the name.</summary>
    public bool StripPrefix { get; set; }
}
