using System.Text.Json.Nodes;
using static PromptCache.Benchmarks.Day.DayText;

namespace PromptCache.Benchmarks.Day;

/// <summary>A working day of mixed traffic, the same for the same seed: one-off prompts, chats with think times, agents with tools and quick turns, questions about shared documents.</summary>
internal sealed class DayTraffic(int seed)
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(10);

    private readonly Random _random = new(seed);
    private readonly List<DayCall> _calls = [];
    private int _texts = 1_000_000;

    public static IReadOnlyList<DayCall> Make(int seed)
    {
        var traffic = new DayTraffic(seed);
        traffic.OneOffs(400);
        traffic.Chats(150);
        traffic.Agents(40);
        traffic.Rag(300);
        return [.. traffic._calls.OrderBy(c => c.At)];
    }

    private void OneOffs(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Add(Start(), "one-off", [], [Message("system", Fresh(100, 400)), Message("user", Fresh(1_500, 8_000))]);
        }
    }

    private void Chats(int count)
    {
        string[] applications = [Of(1_800, 1), Of(2_600, 2), Of(1_300, 3)];
        for (var i = 0; i < count; i++)
        {
            var at = Start();
            List<JsonObject> messages = [Message("system", applications[_random.Next(applications.Length)])];
            var turns = 1 + (int)(-4 * Math.Log(1 - _random.NextDouble()));
            for (var turn = 0; turn < Math.Min(turns, 15); turn++)
            {
                messages.Add(Message("user", Fresh(20, 300)));
                Add(at, "chat", [], messages);
                messages.Add(Message("assistant", Fresh(100, 500)));

                // Reading and thinking: 45 s in the median, and now and then a break of more than five minutes.
                at += TimeSpan.FromSeconds(Math.Exp(3.8 + (1.1 * Normal())));
            }
        }
    }

    private void Agents(int count)
    {
        JsonObject[] tools = [.. Enumerable.Range(10, 8).Select(i => Tool(i, 250))];
        var system = Message("system", Of(2_000, 20));
        for (var i = 0; i < count; i++)
        {
            var at = Start();
            List<JsonObject> messages = [system, Message("user", Fresh(100, 800))];
            var turns = _random.Next(5, 40);
            for (var turn = 0; turn < turns; turn++)
            {
                Add(at, "agent", tools, messages);
                var id = $"call_{i}_{turn}";
                messages.Add(Call(id, $"tool_{_random.Next(10, 18)}"));
                messages.Add(Result(id, Fresh(100, 1_500)));
                at += TimeSpan.FromSeconds(5 + (_random.NextDouble() * 15));
            }
        }
    }

    private void Rag(int count)
    {
        string[] documents = [.. Enumerable.Range(30, 12).Select(i => Of(_random.Next(4_000, 15_000), i))];
        var system = Message("system", Of(1_200, 29));
        for (var i = 0; i < count; i++)
        {
            // Some documents are asked for far more often than others.
            var document = documents[(int)(documents.Length * Math.Pow(_random.NextDouble(), 3))];
            Add(Start(), "RAG", [], [system, Message("user", document, Fresh(20, 100))]);
        }
    }

    private void Add(TimeSpan at, string kind, IReadOnlyList<JsonObject> tools, IEnumerable<JsonObject> messages) => _calls.Add(new DayCall(at, kind, tools, [.. messages]));

    private TimeSpan Start() => Day * _random.NextDouble();

    private string Fresh(int least, int most) => Of(_random.Next(least, most), _texts++);

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
