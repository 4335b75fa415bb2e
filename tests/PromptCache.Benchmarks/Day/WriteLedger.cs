using System.Security.Cryptography;
using System.Text;

namespace PromptCache.Benchmarks.Day;

/// <summary>Follows what was written to the cache until it is read. Positions in tokens are brought to the nearest end of a part, because nothing else can be marked.</summary>
internal sealed class WriteLedger
{
    private readonly Dictionary<string, double> _unread = new(StringComparer.Ordinal);

    private double _lost;

    /// <summary>Tokens that were written and not read since.</summary>
    public double NeverRead => _lost + _unread.Values.Sum();

    public void Add(DayCall call, long prompt, long read, long written)
    {
        var parts = call.Parts().ToArray();
        var total = (double)parts.Sum(p => p.Length);
        var path = "";
        var at = 0;
        foreach (var part in parts)
        {
            path = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(path + part)));
            var middle = (at + (part.Length / 2.0)) / total * prompt;
            var tokens = part.Length / total * prompt;
            at += part.Length;
            if (middle < read)
            {
                _unread.Remove(path);
            }
            else if (middle < read + written)
            {
                // Written a second time: the first time was for nothing.
                _lost += _unread.GetValueOrDefault(path);
                _unread[path] = tokens;
            }
        }
    }
}
