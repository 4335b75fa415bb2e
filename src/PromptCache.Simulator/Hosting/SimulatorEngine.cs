using System.Collections.Concurrent;
using PromptCache.Core.Tokens;
using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Gemini;
using PromptCache.Simulator.Text;
using PromptCache.Tokenizers;

namespace PromptCache.Simulator.Hosting;

/// <summary>What one simulated provider knows: its settings, its caches, and the requests it has seen.</summary>
internal sealed class SimulatorEngine
{
    private readonly ConcurrentDictionary<string, CompletionWords> _words = new(StringComparer.Ordinal);
    private SimulatorOptions _options;
    private int _faultsLeft;
    private long _lastId;

    public SimulatorEngine(SimulatorOptions options, TimeProvider time)
    {
        Time = time;
        Tokenizers = options.Tokenizers ?? new TokenizerCatalog();
        Implicit = new(time);
        Explicit = new(time);
        Contents = new(time);
        _options = options;
        Configure(options);
    }

    public SimulatorOptions Options => Volatile.Read(ref _options);

    public TimeProvider Time { get; }

    public ITokenizerCatalog Tokenizers { get; }

    public PromptMeter Meter { get; } = new();

    public ImplicitCache Implicit { get; }

    public ExplicitCache Explicit { get; }

    public CachedContentStore Contents { get; }

    public RequestLog Log { get; } = new();

    /// <summary>Puts new settings in force; caches stay as they are.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range, or a name in the settings is unknown.</exception>
    public void Configure(SimulatorOptions options)
    {
        if (CallSettings.Check(options) is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        _faultsLeft = options.ErrorTimes ?? int.MaxValue;
        Volatile.Write(ref _options, options);
    }

    /// <summary>Whether this request still goes wrong, where only the first so many do.</summary>
    public bool SpendFault() => Interlocked.Decrement(ref _faultsLeft) >= 0;

    /// <summary>The words that are one token each in an encoding.</summary>
    public CompletionWords Words(ITokenizer tokenizer) => _words.GetOrAdd(tokenizer.Name, _ => new(tokenizer));

    /// <summary>An id that no other reply of this simulator has.</summary>
    public string NewId(string prefix) => $"{prefix}{Interlocked.Increment(ref _lastId):x24}";

    /// <summary>Forgets every cached prefix.</summary>
    public void ClearCaches()
    {
        Implicit.Clear();
        Explicit.Clear();
        Contents.Clear();
    }
}
