using System.Text;

namespace PromptCache.Core.Wire;

/// <summary>The member names that a reader knows, to be found by number.</summary>
/// <param name="names">In the order of the enum that the reader switches on.</param>
internal sealed class JsonNames(params string[] names)
{
    private readonly byte[][] _names = [.. names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>How many there are.</summary>
    public int Count => _names.Length;

    /// <summary>A name, by its number.</summary>
    public string this[int index] => names[index];

    /// <summary>The number of the name that a name in a body spells but for the case of its letters; -1 when there is none.</summary>
    public int IndexIgnoringCase(ReadOnlySpan<byte> quoted)
    {
        var raw = quoted[1..^1];
        var isEscaped = raw.Contains((byte)'\\');
        for (var i = 0; i < _names.Length; i++)
        {
            if (isEscaped ? string.Equals(JsonEscapes.DecodeToString(raw), names[i], StringComparison.OrdinalIgnoreCase) : Ascii.EqualsIgnoreCase(raw, _names[i]))
            {
                return i;
            }
        }

        return -1;
    }

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
