using System.Collections.Concurrent;

namespace PromptCache.Gateway.Telemetry;

/// <summary>Keeps names that clients choose from becoming an endless number of metric series: after the first few hundred, the rest is <c>other</c>.</summary>
internal sealed class BoundedNames
{
    private const int Limit = 256;

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    public string Admit(string name)
        => _known.ContainsKey(name) || (_known.Count < Limit && _known.TryAdd(name, true)) ? name : "other";
}
