using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using PromptCache.Core.Tokens;
using PromptCache.Tokenizers;

namespace PromptCache.Gateway.Tests.Support;

/// <summary>The shipped vocabularies; texts of more than a few bytes are tokenized only once the test opens the gate.</summary>
internal sealed class GatedTokenizers : ITokenizerCatalog, IDisposable
{
    private readonly TokenizerCatalog _inner = new();
    private readonly ManualResetEventSlim _gate = new();

    /// <summary>For every text that came to the gate: whether it came on a thread of the pool.</summary>
    public ConcurrentQueue<bool> CameOnPool { get; } = new();

    public IReadOnlyList<string> Encodings => _inner.Encodings;

    public void Open() => _gate.Set();

    public ModelTokenizer ForModel(string model)
    {
        var inner = _inner.ForModel(model);
        return inner with { Tokenizer = new Gated(inner.Tokenizer, this) };
    }

    public bool TryGetEncoding(string name, [NotNullWhen(true)] out ITokenizer? tokenizer)
    {
        tokenizer = _inner.TryGetEncoding(name, out var inner) ? new Gated(inner, this) : null;
        return tokenizer is not null;
    }

    public void Dispose() => Open();

    private void Pass(ReadOnlySpan<byte> text)
    {
        if (text.Length > 64)
        {
            CameOnPool.Enqueue(Thread.CurrentThread.IsThreadPoolThread);
            _gate.Wait();
        }
    }

    private sealed record Gated(ITokenizer Inner, GatedTokenizers Gate) : ITokenizer
    {
        public string Name => Inner.Name;

        public int Count(ReadOnlySpan<byte> utf8)
        {
            Gate.Pass(utf8);
            return Inner.Count(utf8);
        }

        public void Encode(ReadOnlySpan<byte> utf8, List<int> ids)
        {
            Gate.Pass(utf8);
            Inner.Encode(utf8, ids);
        }

        public int FindSafeCut(ReadOnlySpan<byte> utf8, int near) => Inner.FindSafeCut(utf8, near);
    }
}
