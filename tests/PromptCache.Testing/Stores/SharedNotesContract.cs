using System.Security.Cryptography;
using PromptCache.Core.Store;
using Shouldly;
using Xunit;

namespace PromptCache.Testing.Stores;

/// <summary>What every store of notes must do.</summary>
public abstract class SharedNotesContract
{
    private static readonly byte[] Key = SHA256.HashData("key"u8);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    /// <summary>Empty at the beginning of every test.</summary>
    protected abstract ISharedNotes Notes { get; }

    [Fact]
    public async Task Get_NothingSet_Null() => (await Notes.GetAsync(Key, default)).ShouldBeNull();

    [Fact]
    public async Task Set_ThenGet_TheSameBytes()
    {
        byte[] value = [0, 1, 255, 0];
        (await Notes.SetAsync(Key, value, Long, onlyIfAbsent: false, default)).ShouldBeTrue();

        (await Notes.GetAsync(Key, default)).ShouldBe(value);
        (await Notes.GetAsync(SHA256.HashData("other"u8), default)).ShouldBeNull();
    }

    [Fact]
    public async Task Set_OnlyIfAbsent_TheFirstWins()
    {
        (await Notes.SetAsync(Key, "1"u8.ToArray(), Long, onlyIfAbsent: true, default)).ShouldBeTrue();
        (await Notes.SetAsync(Key, "2"u8.ToArray(), Long, onlyIfAbsent: true, default)).ShouldBeFalse();
        (await Notes.GetAsync(Key, default)).ShouldBe("1"u8.ToArray());
        (await Notes.SetAsync(Key, "3"u8.ToArray(), Long, onlyIfAbsent: false, default)).ShouldBeTrue();

        (await Notes.GetAsync(Key, default)).ShouldBe("3"u8.ToArray());
    }

    [Fact]
    public async Task Remove_Gone()
    {
        await Notes.SetAsync(Key, "1"u8.ToArray(), Long, onlyIfAbsent: false, default);
        await Notes.RemoveAsync(Key, default);
        await Notes.RemoveAsync(Key, default);

        (await Notes.GetAsync(Key, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Set_WrongSizes_Refused()
    {
        await Should.ThrowAsync<ArgumentException>(async () => await Notes.SetAsync(new byte[31], default, Long, onlyIfAbsent: false, default));
        await Should.ThrowAsync<ArgumentException>(async () => await Notes.SetAsync(Key, new byte[ISharedNotes.MaxValueBytes + 1], Long, onlyIfAbsent: false, default));
    }
}
