using System.Text.Json.Nodes;

namespace PromptCache.Benchmarks.Day;

/// <summary>One request of a day.</summary>
/// <param name="At">When, from the day's beginning.</param>
/// <param name="Kind">one-off, chat, agent or RAG.</param>
/// <param name="Tools">The tools, or none.</param>
/// <param name="Messages">The messages.</param>
internal sealed record DayCall(TimeSpan At, string Kind, IReadOnlyList<JsonObject> Tools, IReadOnlyList<JsonObject> Messages)
{
    public string Body()
    {
        var body = new JsonObject { ["model"] = DayRun.Model };
        if (Tools.Count > 0)
        {
            body["tools"] = new JsonArray([.. Tools.Select(t => t.DeepClone())]);
        }

        body["messages"] = new JsonArray([.. Messages.Select(m => m.DeepClone())]);
        return body.ToJsonString();
    }

    /// <summary>The places where an entry can end, as texts.</summary>
    public IEnumerable<string> Parts()
        => Tools.Select(t => t.ToJsonString()).Concat(Messages.SelectMany(m => m["content"] is JsonArray parts ? parts.Select(p => p!.ToJsonString()) : [m.ToJsonString()]));
}
