using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>What API version 2026-10-21 refuses and 2023-06-01 took. Source: platform.claude.com, "Versions" and "Migrating to API version 2026-10-21" (2026-11).</summary>
internal static class VersionRules
{
    public const string Newest = "2026-10-21";

    private static readonly string[] Removed = ["temperature", "top_p", "top_k"];

    public static IEnumerable<string> Problems(JsonElement root, string version)
    {
        if (version != Newest)
        {
            yield break;
        }

        // Even at their defaults.
        foreach (var name in Removed.Where(n => !root.Member(n).Is(JsonValueKind.Undefined)))
        {
            yield return $"{name}: not supported from API version {Newest} on";
        }

        foreach (var (message, i) in root.Member("messages").Items().Select((m, i) => (m, i)))
        {
            foreach (var (block, j) in message.Member("content").Items().Select((b, j) => (b, j)))
            {
                var path = $"messages.{i}.content.{j}";
                if (message.Text("role") == "assistant" && block.Text("type") == "document")
                {
                    yield return $"{path}: `document` blocks cannot be in `assistant` messages";
                }

                if (message.Text("role") == "user" && Texts(block).Any(t => t.Member("citations").Items().Any()))
                {
                    yield return $"{path}: `citations` of text cannot be in `user` messages";
                }
            }
        }
    }

    // A search result brings texts of its own.
    private static IEnumerable<JsonElement> Texts(JsonElement block) => block.Text("type") switch
    {
        "text" => [block],
        "search_result" => block.Member("content").Items(),
        _ => [],
    };
}
