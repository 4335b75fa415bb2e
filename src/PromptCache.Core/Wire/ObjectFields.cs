using System.Runtime.CompilerServices;

namespace PromptCache.Core.Wire;

/// <summary>Where the values of the known members of one object stand; the last of a name that stands twice.</summary>
internal struct ObjectFields
{
    /// <summary>The bit of <see cref="Seen"/> for members that are not known.</summary>
    public const uint Others = 1u << 31;

    private Slots _slots;
    private int _repeated;

    /// <summary>A bit for each known member that is there, by its number; and <see cref="Others"/>.</summary>
    public uint Seen { get; private set; }

    /// <summary>The number of the first known member that stands more than once; -1: none does.</summary>
    public readonly int Repeated => _repeated - 1;

    /// <summary>The value of a member; empty when it is absent.</summary>
    public readonly ByteRange this[int field] => _slots[field];

    /// <summary>Reads the object that stands at the cursor, and steps over it.</summary>
    /// <param name="json">The text that the cursor walks.</param>
    /// <param name="cursor">At an object.</param>
    /// <param name="names">The known names, 16 at most.</param>
    public static ObjectFields Scan(ReadOnlySpan<byte> json, ref JsonCursor cursor, JsonNames names)
    {
        var fields = new ObjectFields();
        cursor.Enter();
        while (cursor.NextMember(out var name))
        {
            fields.Note(names.IndexOf(name.Of(json)), cursor.Skip());
        }

        return fields;
    }

    /// <summary>Notes a member.</summary>
    /// <param name="field">Its number; negative when it is not known.</param>
    /// <param name="value">Where its value stands.</param>
    public void Note(int field, ByteRange value)
    {
        if (field < 0)
        {
            Seen |= Others;
            return;
        }

        if (_repeated == 0 && (Seen & (1u << field)) != 0)
        {
            _repeated = field + 1;
        }

        Seen |= 1u << field;
        _slots[field] = value;
    }

    /// <inheritdoc cref="Scan(ReadOnlySpan{byte}, ref JsonCursor, JsonNames)"/>
    public static ObjectFields Scan(ReadOnlySpan<byte> json, ByteRange value, JsonNames names)
    {
        var cursor = new JsonCursor(json, value.Start);
        return Scan(json, ref cursor, names);
    }

    [InlineArray(16)]
    private struct Slots
    {
        private ByteRange _first;
    }
}
