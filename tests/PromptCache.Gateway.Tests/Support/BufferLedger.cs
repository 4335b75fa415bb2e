using System.Diagnostics.Tracing;

namespace PromptCache.Gateway.Tests.Support;

/// <summary>Counts what is rented from the process's array pools and not yet given back, from when it is made.</summary>
internal sealed class BufferLedger : EventListener
{
    private int _outstanding;
    private int _rented;

    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>How often something was rented.</summary>
    public int Rented => Volatile.Read(ref _rented);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Buffers.ArrayPoolEventSource")
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName == "BufferRented")
        {
            Interlocked.Increment(ref _rented);
            Interlocked.Increment(ref _outstanding);
        }
        else if (eventData.EventName == "BufferReturned")
        {
            Interlocked.Decrement(ref _outstanding);
        }
    }
}
