namespace PromptCache.Simulator.Text;

/// <summary>A call that the simulated model makes.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">A JSON object.</param>
internal sealed record ToolCall(string Name, string Arguments);
