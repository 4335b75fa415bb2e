using PromptCache.Core.Blocks;

namespace PromptCache.Testing.Stores;

/// <summary>Conversations that grow, start anew from a shared beginning, or leave their path inside a segment: what a store sees in a day, in small.</summary>
public sealed class ConversationPool(Random random, int capacity = 60)
{
    private readonly List<(List<int[]> Segments, int System)> _conversations = [];
    private int _nextText = 1;

    /// <summary>The next prompt that somebody sends.</summary>
    public BlockChain Next()
    {
        var (segments, system) = _conversations.Count == 0 || random.Next(10) == 0 ? Start() : Copy(_conversations[random.Next(_conversations.Count)]);
        if (random.Next(100) < 40)
        {
            LeaveLastSegment(segments);
        }

        for (var i = random.Next(4); i > 0; i--)
        {
            segments.Add(NewText(random.Next(3) == 0 ? random.Next(1, 200) : random.Next(1, 12)));
        }

        if (_conversations.Count < capacity)
        {
            _conversations.Add((segments, system));
        }
        else
        {
            _conversations[random.Next(capacity)] = (segments, system);
        }

        var chain = new TestChain();
        for (var i = 0; i < segments.Count; i++)
        {
            chain.Segment(segments[i]);
            if (i == 0 && system > 0)
            {
                chain.EndTools();
            }

            if (i + 1 == system)
            {
                chain.EndSystem();
            }
        }

        return chain.Build();
    }

    private (List<int[]> Segments, int System) Start()
    {
        // A few system prompts that everybody shares, and a template that many first messages begin with.
        var system = random.Next(3);
        List<int[]> segments = [.. Enumerable.Range(0, system).Select(i => Enumerable.Range(-1000 * (i + 1), 5 + (40 * i)).ToArray())];
        segments.Add([-1, -2, .. NewText(random.Next(1, 90))]);
        return (segments, system);
    }

    private static (List<int[]> Segments, int System) Copy((List<int[]> Segments, int System) from) => ([.. from.Segments], from.System);

    private void LeaveLastSegment(List<int[]> segments)
    {
        var last = segments[^1];
        var keep = random.Next(last.Length + 1);
        segments[^1] = [.. last[..keep], .. NewText(random.Next(1, 100))];
    }

    private int[] NewText(int blocks)
    {
        var first = _nextText;
        _nextText += blocks;
        return [.. Enumerable.Range(first, blocks)];
    }
}
