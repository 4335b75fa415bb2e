using System.Text.Json.Nodes;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Faults;

/// <summary>How an API writes its errors.</summary>
internal interface IErrorShape
{
    /// <summary>The body of an error.</summary>
    JsonObject Body(Refusal refusal);

    /// <summary>The headers that the API sends along with a status, such as when to try again.</summary>
    void AddHeaders(IHeaderDictionary headers, int status);
}
