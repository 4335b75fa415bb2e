using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using PromptCache.Core.Blocks;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Core.Tokens;
using PromptCache.Tokenizers;

namespace PromptCache.Benchmarks;

/// <summary>What a turn pays for its chain: known text, known text with a new last message, and everything new. Target warm: 0.2 ms for 20k tokens, 1.3 ms for 200k.</summary>
[MemoryDiagnoser]
public class ChainBenchmarks
{
    private static readonly ChainIdentity Identity = new("tenant", "provider", "gpt-4o", "o200k_base");
    private static readonly byte[] Secret = new byte[32];

    private readonly ModelTokenizer _model = new TokenizerCatalog().ForModel("gpt-4o");
    private readonly ChainBuilder _builder = new(Secret, memoBytes: 64 << 20);
    private SegmentList[] _turns = [];
    private SegmentList _known = null!;
    private int _turn;

    /// <summary>The prompt's length in words, of which each is about a token.</summary>
    [Params(20_000, 200_000)]
    public int Tokens { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _known = Cut("and now?");
        _turns = [.. Enumerable.Range(0, 64).Select(i => Cut(Text(200, 1000 + i)))];
        _builder.Build(Identity, _known, _model);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _known.Dispose();
        Array.ForEach(_turns, t => t.Dispose());
    }

    /// <summary>The same prompt again.</summary>
    [Benchmark]
    public BlockChain Warm() => _builder.Build(Identity, _known, _model);

    /// <summary>The same prefix with another question each time, through a memo that forgets none of the prefix.</summary>
    [Benchmark]
    public BlockChain NewQuestion() => _builder.Build(Identity, _turns[_turn++ % _turns.Length], _model);

    /// <summary>No memo at all.</summary>
    [Benchmark]
    public BlockChain Cold() => new ChainBuilder(Secret, memoBytes: 0).Build(Identity, _known, _model);

    private static string Text(int words, int seed)
    {
        string[] vocabulary = ["the", "cache", "of", "prefix", "tokens", "reads", "and", "writes", "blocks", "in", "order", "until", "it", "expires", "again", "with"];
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var i = 0; i < words; i++)
        {
            text.Append(vocabulary[random.Next(vocabulary.Length)]).Append(i % 12 == 11 ? ".\n" : " ");
        }

        return text.ToString();
    }

    private SegmentList Cut(string question)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("model", "gpt-4o");
            json.WriteStartArray("messages");
            Message(json, "system", Text(Tokens / 4, 1));
            for (var i = 0; i < Tokens * 3 / 4 / 500; i++)
            {
                Message(json, i % 2 == 0 ? "user" : "assistant", Text(500, i + 2));
            }

            Message(json, "user", question);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return PromptRequestReader.TryRead(body.ToArray(), out var request, out _) && Segmenter.TryCut(request, out var segments, out _)
            ? segments
            : throw new InvalidOperationException("The benchmark's own request was refused.");
    }

    private static void Message(Utf8JsonWriter json, string role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", content);
        json.WriteEndObject();
    }
}
