using System.Security.Cryptography;
using PromptCache.Core.Store;
using PromptCache.Testing;
using PromptCache.Testing.Stores;

namespace PromptCache.Core.Tests.Store;

public sealed class InProcessSharedNotesTests : SharedNotesContract
{
    private readonly ManualTimeProvider _time = new();

    public InProcessSharedNotesTests() => Notes = new InProcessSharedNotes(_time, maxNotes: 10);

    protected override ISharedNotes Notes { get; }

    [Fact]
    public async Task Get_AtTheEndOfItsTime_Null()
    {
        var key = SHA256.HashData("a"u8);
        await Notes.SetAsync(key, "1"u8.ToArray(), TimeSpan.FromSeconds(1), onlyIfAbsent: false, default);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        (await Notes.GetAsync(key, default)).ShouldNotBeNull();
        _time.Advance(TimeSpan.FromMilliseconds(1));

        (await Notes.GetAsync(key, default)).ShouldBeNull();
        (await Notes.SetAsync(key, "2"u8.ToArray(), TimeSpan.FromSeconds(1), onlyIfAbsent: true, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task Set_MoreThanFit_TheFirstToEndGoes()
    {
        for (var i = 0; i <= 10; i++)
        {
            await Notes.SetAsync(SHA256.HashData([(byte)i]), "1"u8.ToArray(), TimeSpan.FromMinutes(20 - i), onlyIfAbsent: false, default);
        }

        (await Notes.GetAsync(SHA256.HashData([(byte)10]), default)).ShouldBeNull();
        (await Notes.GetAsync(SHA256.HashData([(byte)0]), default)).ShouldNotBeNull();
    }
}
