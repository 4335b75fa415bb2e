using PromptCache.Core.Tokens;

namespace PromptCache.Core.Tests.Blocks;

/// <summary>One token per word, a word being a space and what follows it. Counts how many bytes it had to read, so that a test sees what the memo spared.</summary>
internal sealed class WordTokenizer(string name = "words") : ITokenizer
{
    private long _bytesRead;

    public static ChatFormat NoOverhead { get; } = new(0, 0, 0, 0);

    public string Name => name;

    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>A model without overhead per message, but for the role's word.</summary>
    public ModelTokenizer Model(ChatFormat? format = null) => new(this, Exact: true, format ?? NoOverhead);

    public int Count(ReadOnlySpan<byte> utf8)
    {
        var ids = new List<int>();
        Encode(utf8, ids);
        return ids.Count;
    }

    public void Encode(ReadOnlySpan<byte> utf8, List<int> ids)
    {
        Interlocked.Add(ref _bytesRead, utf8.Length);
        while (!utf8.IsEmpty)
        {
            var length = 1;
            while (length < utf8.Length && !IsCut(utf8, length))
            {
                length++;
            }

            var hash = 2166136261u;
            foreach (var b in utf8[..length])
            {
                hash = (hash ^ b) * 16777619;
            }

            ids.Add((int)(hash & int.MaxValue));
            utf8 = utf8[length..];
        }
    }

    public int FindSafeCut(ReadOnlySpan<byte> utf8, int near)
    {
        for (var at = Math.Min(near, utf8.Length - 1); at > 0; at--)
        {
            if (IsCut(utf8, at))
            {
                return at;
            }
        }

        return 0;
    }

    private static bool IsCut(ReadOnlySpan<byte> utf8, int at) => utf8[at] == ' ' && utf8[at - 1] != ' ';
}
