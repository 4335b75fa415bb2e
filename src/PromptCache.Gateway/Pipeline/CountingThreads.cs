using System.Collections.Concurrent;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Threads of their own, one per processor, for prompts that take long to count. The pool's few threads stay free to carry bytes, and the operating system shares the processors out.</summary>
/// <remarks>On the pool, as many cold prompts as it has threads would hold every other response until one of them is counted.</remarks>
internal sealed class CountingThreads : TaskScheduler, IDisposable
{
    private readonly BlockingCollection<Task> _work = [];
    private int _started;

    public override int MaximumConcurrencyLevel => Environment.ProcessorCount;

    /// <summary>Runs <paramref name="work"/> there; what awaits it goes on elsewhere.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
        => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.RunContinuationsAsynchronously, this);

    public void Dispose() => _work.CompleteAdding();

    protected override void QueueTask(Task task)
    {
        _work.Add(task);
        if (_started < MaximumConcurrencyLevel && Interlocked.Increment(ref _started) <= MaximumConcurrencyLevel)
        {
            new Thread(Work) { IsBackground = true, Name = "counting" }.Start();
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _work;

    private void Work()
    {
        foreach (var task in _work.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }
}
