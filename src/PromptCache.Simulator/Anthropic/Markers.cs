using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>Finds the markers of a request, in the order in which they are processed: tools, system, messages.</summary>
internal static class Markers
{
    public static IReadOnlyList<Marker> Find(JsonElement root)
    {
        var found = new List<Marker>();
        var unit = 0;
        foreach (var (tool, i) in root.Member("tools").Items().Select((t, i) => (t, i)))
        {
            Add(found, tool, $"tools.{i}", unit++);
        }

        unit = AddBlocks(found, root.Member("system"), "system", unit);
        foreach (var (message, i) in root.Member("messages").Items().Select((m, i) => (m, i)))
        {
            unit = AddBlocks(found, message.Member("content"), $"messages.{i}.content", unit);
        }

        return found;
    }

    /// <summary>The lifetime that a marker asks for.</summary>
    public static TimeSpan Ttl(JsonElement control) => control.Text("ttl") == "1h" ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(5);

    private static int AddBlocks(List<Marker> found, JsonElement content, string path, int unit)
    {
        if (!content.Is(JsonValueKind.Array))
        {
            return content.Is(JsonValueKind.String) ? unit + 1 : unit;
        }

        foreach (var (block, i) in content.Items().Select((b, i) => (b, i)))
        {
            foreach (var (inner, j) in block.Member("content").Items().Select((b, j) => (b, j)))
            {
                Add(found, inner, $"{path}.{i}.content.{j}", unit);
            }

            Add(found, block, $"{path}.{i}", unit++);
        }

        return unit;
    }

    private static void Add(List<Marker> found, JsonElement block, string path, int unit)
    {
        if (block.Member("cache_control") is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } control)
        {
            found.Add(new(path, block, control, unit));
        }
    }
}
