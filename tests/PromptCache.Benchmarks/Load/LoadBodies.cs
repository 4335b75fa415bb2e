using System.Text;
using System.Text.Json;

namespace PromptCache.Benchmarks.Load;

/// <summary>Chat bodies of a given size: a system prompt, a history of messages, and a question that is new each time.</summary>
internal static class LoadBodies
{
    private static readonly string[] Words = ["the", "gateway", "forwards", "what", "a", "client", "sent", "and", "counts", "tokens", "while", "its", "upstream", "works", "on", "answers", "of", "some", "length"];
    private static readonly Dictionary<int, string> Prefixes = [];
    private static int _serial;

    /// <param name="size">Bytes, about.</param>
    /// <param name="warm">Whether all but the last message is the same in every body; otherwise nothing is.</param>
    /// <param name="stream">Whether the answer shall be streamed.</param>
    public static byte[] Make(int size, bool warm, bool stream)
    {
        var serial = Interlocked.Increment(ref _serial);
        var prefix = warm ? Shared(size) : Prefix(size, serial);
        return Encoding.UTF8.GetBytes($$"""{"model":"electron","stream":{{(stream ? "true" : "false")}},"messages":[{{prefix}},{"role":"user","content":"Question {{serial}}: what does it do with {{serial * 7919 % 10007}} of them?"}]}""");
    }

    private static string Shared(int size)
    {
        lock (Prefixes)
        {
            return Prefixes.TryGetValue(size, out var known) ? known : Prefixes[size] = Prefix(size, seed: 1);
        }
    }

    private static string Prefix(int size, int seed)
    {
        var random = new Random(seed);
        var messages = new StringBuilder();
        for (var role = "system"; messages.Length < size; role = role == "user" ? "assistant" : "user")
        {
            var text = new StringBuilder();
            for (var length = Math.Min(size / 8 + 200, 4000); text.Length < length;)
            {
                text.Append(Words[random.Next(Words.Length)]).Append(random.Next(12) == 0 ? ".\n" : " ");
            }

            messages.Append(messages.Length == 0 ? "" : ",").Append($$"""{"role":"{{role}}","content":{{JsonSerializer.Serialize(text.ToString())}}}""");
        }

        return messages.ToString();
    }
}
