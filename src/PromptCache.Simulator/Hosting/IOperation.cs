using PromptCache.Simulator.Faults;

namespace PromptCache.Simulator.Hosting;

/// <summary>One thing that a provider's API can do.</summary>
internal interface IOperation
{
    /// <summary>How the API writes an error.</summary>
    IErrorShape Errors { get; }

    /// <summary>Whether a request is for this operation.</summary>
    bool Matches(string method, string path);

    /// <summary>Answers the request.</summary>
    Task RunAsync(Exchange exchange);
}
