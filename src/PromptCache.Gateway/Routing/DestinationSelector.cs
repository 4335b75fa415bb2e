using System.Collections.Concurrent;
using System.Collections.Immutable;
using PromptCache.Gateway.Configuration;

namespace PromptCache.Gateway.Routing;

/// <summary>Chooses among the replicas of a provider: the one that holds the longest prefix, unless it is overloaded or down.</summary>
/// <remarks>
/// The load gate comes first (constants of SGLang's and AIBrix' gateways): the loads are out of balance when the busiest replica has
/// more than <see cref="MaxGap"/> requests and 10 % more than the idlest, or is far above the mean of a few busy ones. Then the idlest is
/// taken, whoever holds the prefix; and also when the prefix is not more than half of the prompt. Of several that are equally idle each has its turn,
/// or new conversations of a quiet hour would all crowd the first one's cache.
/// </remarks>
internal sealed class DestinationSelector(TimeProvider time)
{
    private const int MaxGap = 32;
    private const double MaxRatio = 1.1;
    private const int MinGap = 8;
    private const double MaxTimesMean = 2;
    private const double MinShare = 0.5;

    private readonly ConcurrentDictionary<uint, DestinationState> _states = new();
    private uint _turn;

    public DestinationState StateOf(DestinationModel destination) => _states.GetOrAdd(destination.Id, static (_, d) => new DestinationState(d), destination);

    /// <summary>Forgets the replicas that are not configured any more; who works with one still holds its state.</summary>
    public void Keep(IEnumerable<DestinationModel> configured)
    {
        var kept = configured.Select(d => d.Id).ToHashSet();
        foreach (var gone in _states.Keys.Where(id => !kept.Contains(id)))
        {
            _states.TryRemove(gone, out _);
        }
    }

    /// <summary>How many replicas are known, for tests of the bound.</summary>
    public int Count => _states.Count;

    /// <summary>Whether some replica of the provider is not resting.</summary>
    public bool IsUp(ProviderModel provider)
    {
        var now = time.GetTimestamp();
        return provider.Destinations.Any(d => StateOf(d).IsUp(now, time));
    }

    /// <param name="provider">Whose replicas.</param>
    /// <param name="holders">The replicas that lately served the prompt's longest known prefix, newest first.</param>
    /// <param name="tried">Replicas that failed this very request; they are taken again only when there is no other.</param>
    /// <param name="matchedShare">How much of the prompt that prefix is, from 0 to 1.</param>
    public DestinationModel Select(ProviderModel provider, ImmutableArray<uint> holders, double matchedShare, IReadOnlyCollection<uint> tried)
    {
        if (provider.Destinations.Length == 1)
        {
            return provider.Destinations[0];
        }

        var now = time.GetTimestamp();
        var states = provider.Destinations.Select(StateOf).ToArray();
        var healthy = states.Where(s => s.IsUp(now, time) && !tried.Contains(s.Destination.Id)).ToArray();
        if (healthy.Length == 0)
        {
            healthy = [.. states.Where(s => !tried.Contains(s.Destination.Id))];
        }

        if (healthy.Length == 0)
        {
            healthy = states;
        }

        if (matchedShare > MinShare && !IsImbalanced([.. healthy.Select(s => s.Running)]))
        {
            foreach (var holder in holders)
            {
                if (healthy.FirstOrDefault(s => s.Destination.Id == holder) is { } warm)
                {
                    return warm.Destination;
                }
            }
        }

        var least = healthy.Min(s => s.Running);
        var idlest = healthy.Where(s => s.Running == least).ToArray();
        return idlest[(int)((Interlocked.Increment(ref _turn) - 1) % (uint)idlest.Length)].Destination;
    }

    private static bool IsImbalanced(int[] loads)
    {
        var (least, most) = (loads.Min(), loads.Max());
        var gap = most - least;
        return (gap > MaxGap && most > MaxRatio * least) || (gap >= MinGap && most > MaxTimesMean * (loads.Average() + 1));
    }
}
