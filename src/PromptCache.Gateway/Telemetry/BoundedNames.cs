using System.Collections.Concurrent;

namespace PromptCache.Gateway.Telemetry;

/// <summary>Keeps names that clients choose from becoming an endless number of metric series: only names that have worked once become series, and after the first few hundred the rest is <c>other</c>.</summary>
internal sealed class BoundedNames
{
    public const string Other = "other";

    private const int Limit = 256;
    private const int MaxLength = 128;

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <param name="name">What the client wrote.</param>
    /// <param name="worked">Whether its request succeeded: invented names must not use up the series of real ones.</param>
    public string Admit(string name, bool worked)
        => _known.ContainsKey(name) || (worked && name.Length <= MaxLength && _known.Count < Limit && _known.TryAdd(name, true)) ? name : Other;
}
