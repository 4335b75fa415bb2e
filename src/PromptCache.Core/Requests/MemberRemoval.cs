using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>Which stretches of an object must go so that some of its members are gone, with exactly the commas that they no longer need.</summary>
/// <remarks>
/// A run of removed members goes with the comma in front of it; when nothing is kept in front of it, with the comma behind it. Members are visited in their order.
/// </remarks>
internal struct MemberRemoval
{
    private int _keptEnd = -1;
    private int _runStart = -1;
    private int _runEnd;

    public MemberRemoval()
    {
    }

    /// <summary>Visits a member that goes.</summary>
    public void Remove(JsonMember member)
    {
        _runStart = _runStart < 0 ? member.Name.Start : _runStart;
        _runEnd = member.Value.End;
    }

    /// <summary>Visits a member that stays; returns what must be cut in front of it.</summary>
    public ByteRange Keep(JsonMember member)
    {
        var cut = _runStart < 0 ? default
            : _keptEnd < 0 ? new ByteRange(_runStart, member.Name.Start - _runStart)
            : new ByteRange(_keptEnd, _runEnd - _keptEnd);
        _runStart = -1;
        _keptEnd = member.Value.End;
        return cut;
    }

    /// <summary>Ends the object; returns what must be cut at its end.</summary>
    public readonly ByteRange Finish()
    {
        if (_runStart < 0)
        {
            return default;
        }

        var start = _keptEnd < 0 ? _runStart : _keptEnd;
        return new ByteRange(start, _runEnd - start);
    }
}
