using System.Text;
using PromptCache.Core.Requests;

namespace PromptCache.Providers.Tests;

/// <summary>Requests as the gateway reads them.</summary>
internal static class Requests
{
    public static RequestError? TryRead(string json, out PromptRequest? request)
        => PromptRequestReader.TryRead(Encoding.UTF8.GetBytes(json), out request, out var error) ? null : error;
}
