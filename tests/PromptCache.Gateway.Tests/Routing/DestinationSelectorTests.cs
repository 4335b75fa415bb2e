using System.Collections.Immutable;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Routing;
using PromptCache.Testing;

namespace PromptCache.Gateway.Tests.Routing;

/// <summary>Which replica serves a prompt: the one that holds its prefix, unless the loads are out of balance or it is down.</summary>
public sealed class DestinationSelectorTests
{
    private readonly ManualTimeProvider _time = new();

    // The prefix is on replica 0; the loads are those of all replicas.
    [Theory]
    [InlineData("0 0", 0)]
    [InlineData("7 0", 0)]
    [InlineData("8 0", 0)]         // a gap of 8, yet not above twice the mean and one
    [InlineData("32 0", 0)]
    [InlineData("33 0", 1)]        // a gap above 32
    [InlineData("332 300", 0)]
    [InlineData("333 300", 1)]     // a gap above 32, and 11 %
    [InlineData("396 360", 0)]     // a gap above 32, but not 10 %
    [InlineData("7 0 0", 0)]
    [InlineData("8 0 0", 1)]       // 8 > 2 * (8/3 + 1)
    [InlineData("9 2 2", 0)]       // a gap of 7
    [InlineData("20 5 5", 0)]      // 20 < 2 * (10 + 1)
    [InlineData("24 2 4", 1)]      // 24 > 2 * (10 + 1)
    [InlineData("22 4 4", 0)]      // 22 = 2 * (10 + 1)
    public void Select_HolderUnderLoad_KeepsItUntilTheLoadsAreOutOfBalance(string loads, int expected)
    {
        var numbers = loads.Split(' ').Select(n => int.Parse(n, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var provider = Configured.Replicas(numbers.Length);
        var selector = Loaded(provider, numbers);

        var chosen = selector.Select(provider, [provider.Destinations[0].Id], matchedShare: 1, tried: []);

        provider.Destinations.IndexOf(chosen).ShouldBe(expected);
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.51, 0)]
    public void Select_PrefixThatIsShort_GoesToTheLeastLoaded(double share, int expected)
    {
        var provider = Configured.Replicas(2);
        var selector = Loaded(provider, [3, 0]);

        var chosen = selector.Select(provider, [provider.Destinations[0].Id], share, tried: []);

        provider.Destinations.IndexOf(chosen).ShouldBe(expected);
    }

    [Fact]
    public void Select_SeveralHolders_TakesTheNewestThatIsUp()
    {
        var provider = Configured.Replicas(3);
        var selector = Loaded(provider, [0, 0, 0]);
        var ids = provider.Destinations.Select(d => d.Id).ToArray();
        ImmutableArray<uint> holders = [ids[2], ids[1]];

        selector.Select(provider, holders, 1, tried: []).Id.ShouldBe(ids[2]);
        selector.Select(provider, holders, 1, tried: [ids[2]]).Id.ShouldBe(ids[1]);
        selector.Select(provider, holders, 1, tried: [ids[2], ids[1]]).Id.ShouldBe(ids[0]);
    }

    [Fact]
    public void Select_HolderThatFailed_RestsAndComesBack()
    {
        var provider = Configured.Replicas(2);
        var selector = Loaded(provider, [0, 0]);
        var holder = provider.Destinations[0];
        Fail(selector, holder, times: 2);
        selector.Select(provider, [holder.Id], 1, tried: []).ShouldBe(holder);

        Fail(selector, holder, times: 1);
        selector.Select(provider, [holder.Id], 1, tried: []).ShouldBe(provider.Destinations[1]);

        _time.Advance(TimeSpan.FromSeconds(5));
        selector.Select(provider, [holder.Id], 1, tried: []).ShouldBe(holder);
    }

    [Fact]
    public void Select_ReplicaThatHasRested_IsTriedByOneRequestAtATime()
    {
        var provider = Configured.Replicas(2);
        var selector = Loaded(provider, [0, 0]);
        var (holder, other) = (provider.Destinations[0], provider.Destinations[1]);
        Fail(selector, holder, times: 3);
        _time.Advance(TimeSpan.FromSeconds(5));

        selector.Select(provider, [holder.Id], 1, tried: []).ShouldBe(holder);
        selector.StateOf(holder).Begin(_time);
        selector.Select(provider, [holder.Id], 1, tried: []).ShouldBe(other, "one is on its way");
        selector.StateOf(holder).Answered();
        selector.Select(provider, [holder.Id], 1, tried: []).ShouldBe(holder, "it has answered");

        selector.StateOf(holder).End(failed: true, _time);
        selector.Select(provider, [holder.Id], 1, tried: []).ShouldBe(other, "and broke off: one failure is enough after a rest");
    }

    [Fact]
    public void Select_SeveralAreEquallyIdle_EachHasItsTurn()
    {
        var provider = Configured.Replicas(3);
        var selector = Loaded(provider, [0, 1, 0]);

        var chosen = Enumerable.Range(0, 6).Select(_ => provider.Destinations.IndexOf(selector.Select(provider, [], 0, tried: []))).ToArray();

        chosen.Count(c => c == 0).ShouldBe(3);
        chosen.Count(c => c == 2).ShouldBe(3);
    }

    [Fact]
    public void Select_HolderThatIsConfiguredNoMore_IsPassedOver()
    {
        var (before, after) = (Configured.Replicas(3), Configured.Replicas(2));
        var selector = Loaded(before, [0, 0, 0]);

        after.Destinations.ShouldContain(selector.Select(after, [before.Destinations[2].Id], 1, tried: []));
    }

    [Fact]
    public void Select_AllDown_TriesOneAllTheSame()
    {
        var provider = Configured.Replicas(2);
        var selector = Loaded(provider, [0, 0]);
        foreach (var destination in provider.Destinations)
        {
            Fail(selector, destination, times: 3);
        }

        provider.Destinations.ShouldContain(selector.Select(provider, [], 0, tried: []));
    }

    [Fact]
    public void Keep_ReplicasThatCameAndWent_ForgetsThemAndKeepsTheOthersStates()
    {
        var now = Configured.Replicas(3);
        var selector = Loaded(Configured.Replicas(200), new int[200]);
        Fail(selector, now.Destinations[1], times: 3);

        selector.Keep(now.Destinations);

        selector.Count.ShouldBeLessThanOrEqualTo(3);
        selector.StateOf(now.Destinations[1]).IsUp(_time.GetTimestamp(), _time).ShouldBeFalse();
        selector.StateOf(now.Destinations[0]).IsUp(_time.GetTimestamp(), _time).ShouldBeTrue();
    }

    private DestinationSelector Loaded(ProviderModel provider, int[] loads)
    {
        var selector = new DestinationSelector(_time);
        for (var i = 0; i < loads.Length; i++)
        {
            for (var request = 0; request < loads[i]; request++)
            {
                selector.StateOf(provider.Destinations[i]).Begin(_time);
            }
        }

        return selector;
    }

    private void Fail(DestinationSelector selector, DestinationModel destination, int times)
    {
        for (var i = 0; i < times; i++)
        {
            selector.StateOf(destination).Begin(_time);
            selector.StateOf(destination).End(failed: true, _time);
        }
    }
}
