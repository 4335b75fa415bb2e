namespace PromptCache.Redis;

/// <summary>Keeps callers off the client's own thread.</summary>
internal static class ReaderThread
{
    /// <summary>The client completes its tasks one after the other, in order: a caller that goes on there with its own work holds up everybody else's answers.</summary>
    public static Task<T> Leave<T>(this Task<T> call)
        => call.ContinueWith(static done => done, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap();
}
