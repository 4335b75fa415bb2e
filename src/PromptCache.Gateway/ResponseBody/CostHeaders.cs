using System.Globalization;
using PromptCache.Core.Responses;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>The final figures beside a body that is not ours to change: as headers of one that is held until it is whole, else as trailers.</summary>
internal static class CostHeaders
{
    /// <summary>What the request cost, in USD; absent when no price is known.</summary>
    public const string Cost = "x-promptcache-cost";

    /// <summary>Prompt tokens read from the cache; absent when that is not known.</summary>
    public const string CachedTokens = "x-promptcache-cached-tokens";

    /// <summary>Before the body begins.</summary>
    public static void Write(HttpResponse response, Settlement? settlement)
    {
        foreach (var (name, value) in Of(settlement))
        {
            response.Headers[name] = value;
        }
    }

    /// <summary>Announces the trailers, before the headers leave. Clients of HTTP/1.1 get none.</summary>
    public static void DeclareTrailers(HttpResponse response)
    {
        if (response.SupportsTrailers())
        {
            response.DeclareTrailer(Cost);
            response.DeclareTrailer(CachedTokens);
        }
    }

    /// <summary>Behind the body.</summary>
    public static void WriteTrailers(HttpResponse response, Settlement? settlement)
    {
        if (!response.SupportsTrailers())
        {
            return;
        }

        foreach (var (name, value) in Of(settlement))
        {
            response.AppendTrailer(name, value);
        }
    }

    private static IEnumerable<(string Name, string Value)> Of(Settlement? settlement)
    {
        if (settlement?.Cost?.TotalCost is { } cost)
        {
            yield return (Cost, cost.ToString("0.############################", CultureInfo.InvariantCulture));
        }

        if (settlement?.Usage.CacheRead is { } read)
        {
            yield return (CachedTokens, read.ToString(CultureInfo.InvariantCulture));
        }
    }
}
