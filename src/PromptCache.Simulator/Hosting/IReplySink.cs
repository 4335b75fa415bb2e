namespace PromptCache.Simulator.Hosting;

/// <summary>Where a reply goes, unit by unit. A fault is a decorator of it.</summary>
internal interface IReplySink
{
    /// <summary>Sends the headers.</summary>
    /// <param name="length">The body's length, when it is one unit; null: a stream of events.</param>
    ValueTask BeginAsync(int? length);

    /// <summary>Sends one unit: a whole JSON body, or one event. It has left when this returns.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> unit);

    /// <summary>The reply is complete.</summary>
    ValueTask EndAsync();
}
