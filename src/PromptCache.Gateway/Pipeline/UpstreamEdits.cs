using PromptCache.Core.Requests;
using PromptCache.Core.Wire;
using PromptCache.Gateway.Routing;

namespace PromptCache.Gateway.Pipeline;

/// <summary>The bytes that go upstream: the client's own, changed only where the provider needs it.</summary>
internal static class UpstreamEdits
{
    /// <returns>The changed body, which the caller disposes; null when the original goes as it is.</returns>
    public static PooledBytes? Build(PromptRequest request, RouteTarget target)
    {
        var traits = target.Provider.Traits;
        var editor = new RequestEditor(request);
        editor.UseModel(target.Model);
        if (!traits.TakesUsageOptions)
        {
            editor.RemoveUsageOptions();
        }

        if (!traits.TakesProviderOptions)
        {
            editor.RemoveProviderOptions();
        }

        if (request.Stream && !request.IncludeUsage && traits.TakesStreamOptions)
        {
            editor.AskForUsage();
        }

        if (!traits.TakesMarkers)
        {
            editor.StripCacheFields(traits.TakesCacheOptions ? CacheFields.CacheControl : CacheFields.All);
        }

        return editor.HasChanges ? editor.Build() : null;
    }
}
