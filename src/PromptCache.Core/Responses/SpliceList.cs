using System.Buffers;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>Changes to one text, in any order, that do not overlap. What they do not name stays byte for byte.</summary>
internal sealed class SpliceList : IDisposable
{
    private readonly List<Splice> _splices = [];
    private readonly PooledBytes _text = new(1024);

    public bool IsEmpty => _splices.Count == 0;

    /// <summary>Begins a text to put in: what is written here until <see cref="End"/>.</summary>
    public PooledBytes Begin(out int mark)
    {
        mark = _text.Length;
        return _text;
    }

    /// <summary>Puts the text that was written since <paramref name="mark"/> in place of a stretch.</summary>
    public void End(int mark, ByteRange at) => Add(new Splice(at, new ByteRange(mark, _text.Length - mark)));

    /// <summary>Puts a text in place of a stretch.</summary>
    public void Replace(ByteRange at, ReadOnlySpan<byte> text)
    {
        var mark = _text.Length;
        _text.Write(text);
        End(mark, at);
    }

    /// <summary>Takes a stretch out.</summary>
    public void Remove(ByteRange at) => Add(new Splice(at, default));

    /// <summary>Writes the part of the source at <paramref name="range"/> with the changes in it.</summary>
    public void Apply(ReadOnlySpan<byte> source, ByteRange range, IBufferWriter<byte> output)
    {
        var at = range.Start;
        foreach (var splice in _splices)
        {
            if (splice.At.Start < range.Start || splice.At.End > range.End)
            {
                continue;
            }

            output.Write(source[at..splice.At.Start]);
            output.Write(splice.Text.Of(_text.Span));
            at = splice.At.End;
        }

        output.Write(source[at..range.End]);
    }

    public void Dispose() => _text.Dispose();

    // Kept in order of place; of two at one place the earlier added comes first. There are a dozen at most.
    private void Add(Splice splice)
    {
        var index = _splices.Count;
        while (index > 0 && _splices[index - 1].At.Start > splice.At.Start)
        {
            index--;
        }

        _splices.Insert(index, splice);
    }
}
