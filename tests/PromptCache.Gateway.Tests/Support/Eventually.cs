namespace PromptCache.Gateway.Tests.Support;

/// <summary>Waits for what happens in the background, with a deadline.</summary>
internal static class Eventually
{
    public static async Task Async(Func<Task<bool>> condition, string what, int seconds = 10)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(seconds));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException exception) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited {seconds} s in vain until {what}.", exception);
            }
        }
    }

    public static Task Is(Func<bool> condition, string what, int seconds = 10) => Async(() => Task.FromResult(condition()), what, seconds);
}
