using PromptCache.Core.Store;

namespace PromptCache.Core.Tests.Store;

/// <summary>A store that a test makes slow or broken.</summary>
internal sealed class ChaosStore(IPrefixStore inner) : IPrefixStore
{
    public Exception? Fault { get; set; }

    /// <summary>Every call waits for it; null: no call waits.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public int Finds { get; private set; }

    public int Records { get; private set; }

    public ValueTask<PrefixMatch> FindAsync(PrefixLookup lookup, CancellationToken cancellationToken)
    {
        Finds++;
        return Fault is null && Gate is null ? inner.FindAsync(lookup, cancellationToken) : FindLaterAsync(lookup, cancellationToken);
    }

    public async ValueTask RecordAsync(PrefixRecord record, CancellationToken cancellationToken)
    {
        Records++;
        await PassAsync();
        await inner.RecordAsync(record, cancellationToken);
    }

    private async ValueTask<PrefixMatch> FindLaterAsync(PrefixLookup lookup, CancellationToken cancellationToken)
    {
        await PassAsync();
        return await inner.FindAsync(lookup, cancellationToken);
    }

    private async Task PassAsync()
    {
        var fault = Fault;
        if (Gate is { } gate)
        {
            await gate.Task;
        }

        if (fault is not null)
        {
            throw fault;
        }
    }
}
