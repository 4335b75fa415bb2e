using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>Every call has its result in the next turn, and every result its call in the turn before. Turns of one role are one turn.</summary>
internal static class ToolPairing
{
    public static IEnumerable<string> Problems(JsonElement messages)
    {
        var turns = new List<(string Role, int First, List<JsonElement> Blocks)>();
        foreach (var (message, i) in messages.Items().Select((m, i) => (m, i)))
        {
            if (turns.Count == 0 || turns[^1].Role != message.Text("role"))
            {
                turns.Add((message.Text("role"), i, []));
            }

            turns[^1].Blocks.AddRange(message.Member("content").Items());
        }

        for (var t = 0; t < turns.Count; t++)
        {
            var results = Ids(turns[t].Blocks, "tool_result", "tool_use_id");
            var callsBefore = t == 0 ? [] : Ids(turns[t - 1].Blocks, "tool_use", "id");
            if (results.Except(callsBefore, StringComparer.Ordinal).FirstOrDefault() is { } unexpected)
            {
                yield return $"messages.{turns[t].First}.content.0: unexpected `tool_use_id` found in `tool_result` blocks: {unexpected}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.";
            }

            var calls = Ids(turns[t].Blocks, "tool_use", "id");
            var resultsAfter = t + 1 < turns.Count ? Ids(turns[t + 1].Blocks, "tool_result", "tool_use_id") : [];
            if (t + 1 < turns.Count && calls.Except(resultsAfter, StringComparer.Ordinal).ToArray() is { Length: > 0 } missing)
            {
                yield return $"messages.{turns[t].First}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", missing)}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.";
            }

            if (calls.Distinct(StringComparer.Ordinal).Count() < calls.Length)
            {
                yield return "messages: `tool_use` ids must be unique";
            }
        }
    }

    private static string[] Ids(List<JsonElement> blocks, string type, string field) => [.. blocks.Where(b => b.Text("type") == type).Select(b => b.Text(field))];
}
