using System.Text.Json;
using System.Text.Json.Nodes;
using static PromptCache.Benchmarks.Day.DayText;

namespace PromptCache.Benchmarks.Day;

/// <summary>Traffic in the shape of a recorded one: a file of JSON lines with <c>timestamp</c> (ms), <c>input_length</c>, <c>output_length</c> and <c>hash_ids</c> (one for each 512 tokens of the prompt), as Mooncake publishes them.</summary>
/// <remarks>A prompt whose blocks begin with all of an earlier prompt's continues it: what is new is the model's answer and then the user's next message.</remarks>
internal static class TraceTraffic
{
    private const int BlockTokens = 512;

    public static IReadOnlyList<DayCall> Read(string path, int count)
    {
        var calls = new List<DayCall>();
        var known = new Dictionary<string, (JsonObject[] Messages, int Blocks, int Answer)>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(path).Take(count))
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            var ids = root.GetProperty("hash_ids").EnumerateArray().Select(i => i.GetInt32()).ToArray();
            var messages = Messages(ids, known);

            // The last block is rarely full: what comes next has another number for it.
            var whole = ids.Length > 1 ? ids[..^1] : ids;
            known[string.Join(' ', whole)] = (messages, whole.Length, Math.Max(1, root.GetProperty("output_length").GetInt32() / BlockTokens));
            calls.Add(new DayCall(TimeSpan.FromMilliseconds(root.GetProperty("timestamp").GetInt64()), "trace", [], messages));
        }

        return calls;
    }

    private static JsonObject[] Messages(int[] ids, Dictionary<string, (JsonObject[] Messages, int Blocks, int Answer)> known)
    {
        for (var length = ids.Length - 1; length > 1; length--)
        {
            if (known.TryGetValue(string.Join(' ', ids[..length]), out var earlier))
            {
                var rest = ids[earlier.Blocks..];
                var answer = Math.Min(earlier.Answer, rest.Length - 1);
                return answer < 1
                    ? [.. earlier.Messages, Message("assistant", "Yes."), Message("user", Text(rest))]
                    : [.. earlier.Messages, Message("assistant", Text(rest[..answer])), Message("user", Text(rest[answer..]))];
            }
        }

        return [Message("system", Text(ids[..1])), Message("user", ids.Length > 1 ? Text(ids[1..]) : "Go on.")];
    }

    private static string Text(int[] ids) => string.Join('\n', ids.Select(id => Of(BlockTokens, id)));
}
