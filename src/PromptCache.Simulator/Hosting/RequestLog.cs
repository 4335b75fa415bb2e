using Microsoft.AspNetCore.Http.Features;

namespace PromptCache.Simulator.Hosting;

/// <summary>The newest requests, and how many there were.</summary>
internal sealed class RequestLog
{
    private readonly Lock _gate = new();
    private readonly Queue<RecordedRequest> _kept = [];
    private long _arrived;
    private long _aborted;
    private TaskCompletionSource _changed = NewSignal();

    public long Arrived => Interlocked.Read(ref _arrived);

    public long Aborted => Interlocked.Read(ref _aborted);

    public IReadOnlyList<RecordedRequest> Kept
    {
        get
        {
            lock (_gate)
            {
                return [.. _kept];
            }
        }
    }

    public void Add(HttpRequest request, byte[] body, int capacity)
    {
        lock (_gate)
        {
            _arrived++;
            if (capacity > 0)
            {
                var headers = request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
                var target = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget ?? request.Path + request.QueryString;
                _kept.Enqueue(new(_arrived, request.Method, target, headers, body));
            }

            while (_kept.Count > capacity)
            {
                _kept.Dequeue();
            }

            Signal();
        }
    }

    public void AddAborted()
    {
        lock (_gate)
        {
            _aborted++;
            Signal();
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _kept.Clear();
            (_arrived, _aborted) = (0, 0);
            Signal();
        }
    }

    /// <summary>Waits until what this log knows satisfies a condition.</summary>
    public async Task WaitAsync(Func<RequestLog, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (condition(this))
            {
                return;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        _changed.SetResult();
        _changed = NewSignal();
    }
}
