using System.Text.Json;

namespace PromptCache.Simulator.Anthropic;

/// <summary>A <c>cache_control</c> in a request.</summary>
/// <param name="Path">The block that it stands on.</param>
/// <param name="Block">That block.</param>
/// <param name="Control">The marker's value.</param>
/// <param name="Unit">The place of the tool, system block or content block among all of the request.</param>
internal sealed record Marker(string Path, JsonElement Block, JsonElement Control, int Unit);
