using System.Runtime.InteropServices;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>Collects the few changes that a request needs, and writes the body with everything else untouched, byte for byte.</summary>
/// <remarks>Changes may be asked for in any order. Two that touch the same bytes are a bug, and <see cref="Build"/> says so.</remarks>
public sealed class RequestEditor(PromptRequest request)
{
    private readonly List<BodyEdit> _edits = [];
    private readonly HashSet<int> _removed = [];
    private readonly List<byte> _appended = [];

    /// <summary>Whether any change was asked for; without one the original body is sent as it is.</summary>
    public bool HasChanges => _edits.Count + _removed.Count + _appended.Count > 0;

    /// <summary>The request whose body is changed.</summary>
    public PromptRequest Request => request;

    /// <summary>Puts another value in place of a member's value.</summary>
    public void Replace(JsonMember member, ReadOnlySpan<byte> json)
    {
        ThrowIfMissing(member);
        Add(member.Value, json);
    }

    /// <summary>Takes a top-level member out, with the comma that it no longer needs.</summary>
    public void Remove(JsonMember member)
    {
        ThrowIfMissing(member);
        if (!request.Members.Contains(member))
        {
            throw new ArgumentException("Not a top-level member of this request.", nameof(member));
        }

        _removed.Add(member.Name.Start);
    }

    /// <summary>Adds a top-level member at the end of the object.</summary>
    /// <param name="name">Without quotes; must need no escaping.</param>
    /// <param name="json">Its value.</param>
    public void Append(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        if (_appended.Count > 0)
        {
            _appended.Add((byte)',');
        }

        _appended.AddRange(JsonSplice.Member(name, json));
    }

    /// <summary>Puts raw bytes in front of the byte at <paramref name="position"/>; for members inside nested objects.</summary>
    public void Insert(int position, ReadOnlySpan<byte> json) => Add(new ByteRange(position, 0), json);

    /// <summary>Takes a stretch out; for members inside nested objects.</summary>
    public void Cut(ByteRange range)
    {
        if (!range.IsEmpty)
        {
            Add(range, []);
        }
    }

    /// <summary>Puts other bytes in place of a stretch; for values inside nested objects.</summary>
    public void Replace(ByteRange range, ReadOnlySpan<byte> json) => Add(range, json);

    /// <summary>Writes the changed body. The caller disposes it.</summary>
    public PooledBytes Build()
    {
        var edits = new List<BodyEdit>(_edits);
        AddMemberEdits(edits);
        edits.Sort(BodyEdit.Compare);

        var body = request.Body.Span;
        var output = new PooledBytes(body.Length + edits.Sum(e => e.Bytes.Length - e.Range.Length));
        var at = 0;
        foreach (var edit in CollectionsMarshal.AsSpan(edits))
        {
            if (edit.Range.Start < at)
            {
                output.Dispose();
                throw new InvalidOperationException($"Two changes of the request touch byte {edit.Range.Start}.");
            }

            output.Write(body[at..edit.Range.Start]);
            output.Write(edit.Bytes);
            at = edit.Range.End;
        }

        output.Write(body[at..]);
        return output;
    }

    private void AddMemberEdits(List<BodyEdit> edits)
    {
        var removal = new MemberRemoval();
        var kept = 0;
        foreach (var member in request.Members)
        {
            if (_removed.Contains(member.Name.Start))
            {
                removal.Remove(member);
                continue;
            }

            AddCut(edits, removal.Keep(member));
            kept++;
        }

        AddCut(edits, removal.Finish());
        if (_appended.Count > 0)
        {
            // Behind the last member, or behind the brace of an empty object.
            var end = request.Members.IsEmpty ? request.Body.Span.IndexOf((byte)'{') + 1 : request.Members[^1].Value.End;
            byte[] bytes = kept > 0 ? [(byte)',', .. _appended] : [.. _appended];
            edits.Add(new BodyEdit(new ByteRange(end, 0), bytes, int.MaxValue));
        }
    }

    private static void AddCut(List<BodyEdit> edits, ByteRange cut)
    {
        if (!cut.IsEmpty)
        {
            edits.Add(new BodyEdit(cut, [], int.MaxValue));
        }
    }

    private void Add(ByteRange range, ReadOnlySpan<byte> json)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(range.Start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)range.End, (uint)request.Body.Length);
        _edits.Add(new BodyEdit(range, json.ToArray(), _edits.Count));
    }

    private static void ThrowIfMissing(JsonMember member)
    {
        if (!member.Exists)
        {
            throw new ArgumentException("The request does not have this member.", nameof(member));
        }
    }
}
