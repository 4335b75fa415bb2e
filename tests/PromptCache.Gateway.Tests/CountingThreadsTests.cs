using PromptCache.Gateway.Engines;
using PromptCache.Testing;

namespace PromptCache.Gateway.Tests;

/// <summary>Who is counted first when there are more long prompts than processors.</summary>
public sealed class CountingThreadsTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(0, "short")]
    [InlineData(31, "short")]
    [InlineData(33, "long")]
    public async Task Run_LongAndShort_TheLongOneGivesWayForAWhile(int secondsBetween, string first)
    {
        using var threads = new CountingThreads(_time);
        using var busy = new CountdownEvent(Environment.ProcessorCount);
        using var hold = new ManualResetEventSlim();
        using var free = new ManualResetEventSlim();
        var running = Enumerable.Range(0, Environment.ProcessorCount).Select(i => threads.RunAsync(() => Block(busy, i == 0 ? free : hold), size: 1)).ToArray();
        busy.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken).ShouldBeTrue();

        // One thread is freed, and does both.
        var order = new List<string>();
        var book = threads.RunAsync(() => Note(order, "long"), size: 32 << 20);
        _time.Advance(TimeSpan.FromSeconds(secondsBetween));
        var chat = threads.RunAsync(() => Note(order, "short"), size: 70_000);
        free.Set();
        await Task.WhenAll(book, chat).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        order[0].ShouldBe(first);
        hold.Set();
        await Task.WhenAll(running);
    }

    [Fact]
    public async Task Run_WorkThatThrows_TellsAndTheNextIsDone()
    {
        using var threads = new CountingThreads(_time);

        var broken = await Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => threads.RunAsync<int>(() => throw new InvalidOperationException("no"), size: 1)).ToArray()[^1].ShouldThrowAsync<InvalidOperationException>();

        broken.Message.ShouldBe("no");
        (await threads.RunAsync(() => 7, size: 1).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)).ShouldBe(7);
    }

    private static int Block(CountdownEvent busy, ManualResetEventSlim until)
    {
        busy.Signal();
        until.Wait();
        return 0;
    }

    private static int Note(List<string> order, string name)
    {
        lock (order)
        {
            order.Add(name);
            return order.Count;
        }
    }
}
