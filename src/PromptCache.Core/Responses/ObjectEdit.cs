using System.Globalization;
using System.Text.Json;
using PromptCache.Core.Usage;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>Changes members of one JSON object by splices: sets, adds, takes out. <see cref="Complete"/> ends it.</summary>
internal sealed class ObjectEdit : IDisposable
{
    private readonly ObjectMembers _members;
    private readonly int _open;
    private readonly SpliceList _splices;
    private readonly bool[] _isRemoved;
    private readonly PooledBytes _added = new(256);

    /// <param name="members">The object's members.</param>
    /// <param name="open">The place of its opening brace.</param>
    /// <param name="splices">Where the changes go.</param>
    public ObjectEdit(ObjectMembers members, int open, SpliceList splices)
    {
        _members = members;
        _open = open;
        _splices = splices;
        _isRemoved = new bool[members.Count];
    }

    /// <summary>Sets a count. One that is there already and says the same keeps its spelling; an unknown one is taken out.</summary>
    /// <returns>Whether anything had to be changed.</returns>
    public bool SetCount(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name, long? count, bool add)
    {
        if (count is not { } value)
        {
            return Remove(json, name);
        }

        Span<byte> digits = stackalloc byte[20];   // any Int64
        _ = value.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        return Set(json, name, digits[..length], add, value);
    }

    /// <summary>Sets a value. With <paramref name="add"/> a member that is not there is added; a count that equals <paramref name="sameAs"/> already stays as it is.</summary>
    /// <returns>Whether anything had to be changed.</returns>
    public bool Set(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool add, long? sameAs = null)
    {
        var isThere = false;
        var isChanged = false;
        for (var i = 0; i < _members.Count; i++)
        {
            if (!_members[i].Name.Of(json).SequenceEqual(name))
            {
                continue;
            }

            isThere = true;
            if (sameAs is null || TokenNumber.Read(json, _members[i]) is not { IsBad: false } there || there.Value != sameAs)
            {
                _splices.Replace(_members[i].Value, value);
                isChanged = true;
            }
        }

        if (!isThere && add)
        {
            Add(name, value);
            isChanged = true;
        }

        return isChanged;
    }

    /// <summary>Adds a member behind the last one.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _added.Write(_added.Length == 0 ? "\""u8 : ",\""u8);
        _added.Write(name);
        _added.Write("\":"u8);
        _added.Write(value);
    }

    /// <summary>Takes a member out.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var isThere = false;
        for (var i = 0; i < _members.Count; i++)
        {
            if (_members[i].Name.Of(json).SequenceEqual(name))
            {
                isThere = _isRemoved[i] = true;
            }
        }

        return isThere;
    }

    /// <summary>Turns removals and additions into splices, with the commas that they need.</summary>
    public void Complete()
    {
        var lastKept = Array.LastIndexOf(_isRemoved, false);
        if (_added.Length > 0)
        {
            var text = _splices.Begin(out var mark);
            text.Write(lastKept < 0 ? default : ","u8);
            text.Write(_added.Span);
            _splices.End(mark, new ByteRange(lastKept < 0 ? _open + 1 : _members[lastKept].Value.End, 0));
        }

        var isKeptBefore = false;
        for (var i = 0; i < _isRemoved.Length; i++)
        {
            if (!_isRemoved[i])
            {
                isKeptBefore = true;
                continue;
            }

            // Behind a kept member goes the comma before it; at the front the comma after it.
            var isLast = i == _isRemoved.Length - 1;
            var start = isKeptBefore ? _members[i - 1].Value.End : _members[i].NameStart;
            var end = isKeptBefore || isLast ? _members[i].Value.End : _members[i + 1].NameStart;
            _splices.Remove(new ByteRange(start, end - start));
        }
    }

    public void Dispose() => _added.Dispose();

    public bool HasNumber(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) => _members.Find(json, name) is { Kind: JsonTokenType.Number };

    /// <summary>The member, if it is an object.</summary>
    public ObjectMember? FindObject(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
        => _members.Find(json, name) is { Kind: JsonTokenType.StartObject } member ? member : null;
}
