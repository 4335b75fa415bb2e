using System.Collections.Immutable;

namespace PromptCache.Core.Store;

/// <summary>Who lately served a block: up to four ids, newest first, 0 where there is none.</summary>
internal readonly record struct Destinations(uint First, uint Second, uint Third, uint Fourth)
{
    /// <summary>With <paramref name="newest"/> in front; 0 changes nothing.</summary>
    public Destinations With(uint newest)
    {
        if (newest == 0 || newest == First)
        {
            return this;
        }

        return newest == Second ? new(newest, First, Third, Fourth)
            : newest == Third ? new(newest, First, Second, Fourth)
            : new(newest, First, Second, Third);
    }

    public ImmutableArray<uint> ToArray()
        => First == 0 ? []
            : Second == 0 ? [First]
            : Third == 0 ? [First, Second]
            : Fourth == 0 ? [First, Second, Third]
            : [First, Second, Third, Fourth];
}
