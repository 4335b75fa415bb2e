using System.Text;

namespace PromptCache.Core.Wire;

/// <summary>The member names that a reader knows, to be found by number.</summary>
/// <param name="names">In the order of the enum that the reader switches on.</param>
internal sealed class JsonNames(params string[] names)
{
    private readonly byte[][] _names = [.. names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>How many there are.</summary>
    public int Count => _names.Length;

    /// <summary>The number of a name that stands in a body, with its quotes and perhaps escapes; -1 when it is not known.</summary>
    public int IndexOf(ReadOnlySpan<byte> quoted)
    {
        var raw = quoted[1..^1];
        for (var i = 0; i < _names.Length; i++)
        {
            if (JsonEscapes.Spells(raw, _names[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
