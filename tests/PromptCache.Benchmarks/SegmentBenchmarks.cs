using System.Text;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;

namespace PromptCache.Benchmarks;

/// <summary>What it costs to read a body and to cut it into segments; 400 kB is a conversation of about 100,000 tokens.</summary>
[MemoryDiagnoser]
public class SegmentBenchmarks
{
    private byte[] _body = [];

    [Params(4, 40, 400)]
    public int Kilobytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var messages = new JsonArray { Message("system", 1000) };
        var random = new Random(1);
        var size = 0;
        while (size < Kilobytes * 1000)
        {
            var characters = Math.Min(random.Next(200, 6000), Kilobytes * 1000 - size);
            messages.Add(Message(messages.Count % 2 == 1 ? "user" : "assistant", characters));
            size += characters + 40;
        }

        _body = Encoding.UTF8.GetBytes(new JsonObject { ["model"] = "gpt-5", ["messages"] = messages }.ToJsonString());
    }

    [Benchmark(Baseline = true)]
    public bool Read() => PromptRequestReader.TryRead(_body, out _, out _);

    [Benchmark]
    public int ReadAndCut()
    {
        if (!PromptRequestReader.TryRead(_body, out var request, out var error) || !Segmenter.TryCut(request, out var segments, out error))
        {
            throw new InvalidOperationException(error.Message);
        }

        using (segments)
        {
            return segments.Count;
        }
    }

    private static JsonObject Message(string role, int characters)
    {
        // Prose with a line break after every 80 characters, as prompts have it: every line is an escape in JSON.
        const string line = "The gateway counts what the provider would have read from its cache, and says so\n";
        var text = new StringBuilder(characters + line.Length);
        while (text.Length < characters)
        {
            text.Append(line);
        }

        return new JsonObject { ["role"] = role, ["content"] = text.ToString() };
    }
}
