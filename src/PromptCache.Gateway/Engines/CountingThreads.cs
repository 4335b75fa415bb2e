namespace PromptCache.Gateway.Engines;

/// <summary>Threads of their own, one per processor, for prompts that take long to count. The pool's few threads stay free to carry bytes, and the operating system shares the processors out.</summary>
/// <remarks>
/// On the pool, as many cold prompts as it has threads would hold every other response until one of them is counted. Here a prompt gives way to shorter ones that come later, for a second per MiB of
/// its own: somebody's book delays nobody's chat, and is counted all the same. What waits is bounded by the requests that are open; each has its prompt in memory anyway.
/// </remarks>
internal sealed class CountingThreads(TimeProvider time) : IDisposable
{
    private const double BytesPerSecond = 1 << 20;

    private readonly object _gate = new();
    private readonly PriorityQueue<Action, long> _work = new();
    private int _threads;
    private int _idle;
    private bool _isClosed;

    /// <summary>Runs <paramref name="work"/> there; what awaits it goes on elsewhere.</summary>
    /// <param name="work">What is to be done.</param>
    /// <param name="size">The prompt's length, in bytes.</param>
    public Task<T> RunAsync<T>(Func<T> work, int size)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _work.Enqueue(() => Complete(result, work), time.GetTimestamp() + (long)(size / BytesPerSecond * time.TimestampFrequency));
            if (_idle < _work.Count && _threads < Environment.ProcessorCount)
            {
                _threads++;
                new Thread(Work) { IsBackground = true, Name = "counting" }.Start();
            }

            Monitor.Pulse(_gate);
        }

        return result.Task;
    }

    /// <summary>Takes no more work; what is there is done.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private static void Complete<T>(TaskCompletionSource<T> result, Func<T> work)
    {
        try
        {
            result.SetResult(work());
        }
        catch (Exception exception)
        {
            result.SetException(exception);
        }
    }

    private void Work()
    {
        while (Next() is { } work)
        {
            work();
        }
    }

    private Action? Next()
    {
        lock (_gate)
        {
            while (_work.Count == 0 && !_isClosed)
            {
                _idle++;
                Monitor.Wait(_gate);
                _idle--;
            }

            return _work.TryDequeue(out var work, out _) ? work : null;
        }
    }
}
