using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace PromptCache.Simulator.Gemini;

/// <summary>The stored prefixes of all clients. What has expired is gone; reading renews nothing.</summary>
internal sealed class CachedContentStore(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, CachedContent> _contents = new(StringComparer.Ordinal);

    public void Put(CachedContent content) => _contents[content.Name] = content;

    public bool TryGet(string name, string owner, [NotNullWhen(true)] out CachedContent? content)
    {
        if (_contents.TryGetValue(name, out content) && content.Owner == owner && content.Expires > time.GetUtcNow())
        {
            return true;
        }

        content = null;
        return false;
    }

    public IReadOnlyList<CachedContent> Of(string owner)
        => [.. _contents.Values.Where(c => c.Owner == owner && c.Expires > time.GetUtcNow()).OrderBy(c => c.Name, StringComparer.Ordinal)];

    public void Remove(string name) => _contents.TryRemove(name, out _);

    public void Clear() => _contents.Clear();
}
