using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>Where the breakpoint of a top-level <c>cache_control</c> stands: on the last block that may have one.</summary>
internal static class AutomaticBreakpoint
{
    /// <summary>The place among all tools, system blocks and content blocks; -1 when nothing can be marked.</summary>
    public static int Unit(JsonElement root)
    {
        var markable = new List<bool>();
        markable.AddRange(root.Member("tools").Items().Select(_ => true));
        AddBlocks(markable, root.Member("system"));
        foreach (var message in root.Member("messages").Items())
        {
            AddBlocks(markable, message.Member("content"));
        }

        return markable.LastIndexOf(true);
    }

    private static void AddBlocks(List<bool> markable, JsonElement content)
    {
        if (content.Is(JsonValueKind.String))
        {
            markable.Add(true);
        }

        markable.AddRange(content.Items().Select(b => b.Text("type") switch
        {
            "thinking" or "redacted_thinking" => false,
            "text" => b.Text("text") is not "",
            _ => true,
        }));
    }
}
