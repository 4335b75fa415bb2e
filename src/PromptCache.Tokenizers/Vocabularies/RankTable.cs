using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PromptCache.Tokenizers.Vocabularies;

/// <summary>Bytes to rank: open addressing in three tables by length, so that a look-up of a common word touches one cache line.</summary>
internal sealed class RankTable
{
    /// <summary>No token has these bytes. Greater than every rank.</summary>
    public const int None = int.MaxValue;

    private const int ShortLength = 8;

    private readonly Vocabulary _vocabulary;
    private readonly ShortSlot[] _shorts;
    private readonly MediumSlot[] _mediums;
    private readonly LongSlot[] _longs;
    private readonly int _shortShift;
    private readonly int _mediumShift;
    private readonly int _longShift;
    private readonly int _maxLength;
    private readonly int[] _pairs = new int[1 << 16];
    private readonly int[] _singles = new int[256];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public RankTable(Vocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        var (shorts, mediums, longs) = (0, 0, 0);
        for (var rank = 0; rank < vocabulary.Count; rank++)
        {
            switch (vocabulary[rank].Length)
            {
                case <= ShortLength: shorts++; break;
                case <= PieceKey.MaxLength: mediums++; break;
                default: longs++; break;
            }
        }

        _shorts = new ShortSlot[Capacity(shorts, out _shortShift)];
        _mediums = new MediumSlot[Capacity(mediums, out _mediumShift)];
        _longs = new LongSlot[Capacity(longs, out _longShift)];
        _pairs.AsSpan().Fill(None);
        for (var rank = 0; rank < vocabulary.Count; rank++)
        {
            Add(vocabulary[rank], rank);
            _maxLength = Math.Max(_maxLength, vocabulary[rank].Length);
        }
    }

    /// <summary>The rank of a single byte: every byte has one.</summary>
    public int OfByte(byte value) => _singles[value];

    /// <summary>The rank of two adjacent bytes, or <see cref="None"/>.</summary>
    public int OfPair(byte first, byte second) => _pairs[(first << 8) | second];

    /// <summary>The rank of a piece of text, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ReadOnlySpan<byte> text, int start, int length)
    {
        if (length <= PieceKey.MaxLength)
        {
            return Find(PieceKey.Load(text, start, length), length);
        }

        return length <= _maxLength ? FindLong(text.Slice(start, length)) : None;
    }

    /// <summary>The rank of a piece of up to 16 bytes, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(PieceKey key, int length)
    {
        var hash = key.Hash(length);
        if (length <= ShortLength)
        {
            var slots = _shorts;
            for (var i = (int)(hash >> _shortShift); ; i = (i + 1) & (slots.Length - 1))
            {
                ref readonly var slot = ref slots[i];
                if (slot.Key == key.Low && slot.Length == length)
                {
                    return slot.Rank;
                }

                if (slot.Length == 0)
                {
                    return None;
                }
            }
        }

        return FindMedium(key, length, hash);
    }

    private static int Capacity(int count, out int shift)
    {
        var capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, count + (count / 2)));
        shift = 64 - BitOperations.Log2((uint)capacity);
        return capacity;
    }

    private static ulong HashLong(ReadOnlySpan<byte> piece)
    {
        var hash = (ulong)piece.Length;
        for (; piece.Length > PieceKey.MaxLength; piece = piece[PieceKey.MaxLength..])
        {
            hash = BitOperations.RotateLeft(hash, 23) ^ PieceKey.Load(piece, 0, PieceKey.MaxLength).Hash(PieceKey.MaxLength);
        }

        return (BitOperations.RotateLeft(hash, 23) ^ PieceKey.Load(piece, 0, piece.Length).Hash(piece.Length)) * 0x9E3779B97F4A7C15;
    }

    private int FindMedium(PieceKey key, int length, ulong hash)
    {
        var slots = _mediums;
        for (var i = (int)(hash >> _mediumShift); ; i = (i + 1) & (slots.Length - 1))
        {
            ref readonly var slot = ref slots[i];
            if (slot.Low == key.Low && slot.High == key.High && slot.Length == length)
            {
                return slot.Rank;
            }

            if (slot.Length == 0)
            {
                return None;
            }
        }
    }

    private int FindLong(ReadOnlySpan<byte> piece)
    {
        var hash = HashLong(piece);
        var slots = _longs;
        for (var i = (int)(hash >> _longShift); slots[i].Used; i = (i + 1) & (slots.Length - 1))
        {
            if (slots[i].Tag == (uint)hash && _vocabulary[slots[i].Rank].SequenceEqual(piece))
            {
                return slots[i].Rank;
            }
        }

        return None;
    }

    private void Add(ReadOnlySpan<byte> token, int rank)
    {
        if (token.Length > PieceKey.MaxLength)
        {
            AddLong(token, rank);
            return;
        }

        var key = PieceKey.Load(token, 0, token.Length);
        var hash = key.Hash(token.Length);
        if (token.Length > ShortLength)
        {
            var medium = (int)(hash >> _mediumShift);
            while (_mediums[medium].Length != 0)
            {
                medium = (medium + 1) & (_mediums.Length - 1);
            }

            _mediums[medium] = new(key.Low, key.High, rank, token.Length);
            return;
        }

        var index = (int)(hash >> _shortShift);
        while (_shorts[index].Length != 0)
        {
            index = (index + 1) & (_shorts.Length - 1);
        }

        _shorts[index] = new(key.Low, rank, token.Length);
        switch (token.Length)
        {
            case 1: _singles[token[0]] = rank; break;
            case 2: _pairs[(token[0] << 8) | token[1]] = rank; break;
            default: break;
        }
    }

    private void AddLong(ReadOnlySpan<byte> token, int rank)
    {
        var hash = HashLong(token);
        var index = (int)(hash >> _longShift);
        while (_longs[index].Used)
        {
            index = (index + 1) & (_longs.Length - 1);
        }

        _longs[index] = new((uint)hash, rank, Used: true);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct ShortSlot(ulong Key, int Rank, int Length);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct MediumSlot(ulong Low, ulong High, int Rank, int Length);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct LongSlot(uint Tag, int Rank, bool Used);
}
