using System.Text.Json;
using PromptCache.Core.Requests;
using PromptCache.Core.Wire;
using PromptCache.Gateway.Routing;

namespace PromptCache.Gateway.Pipeline;

/// <summary>The bytes that go upstream: the client's own, changed only where there is a reason.</summary>
internal static class UpstreamBody
{
    /// <returns>The changed body, which the caller disposes; null when the original goes as it is.</returns>
    public static PooledBytes? Build(PromptRequest request, RouteTarget target)
    {
        var traits = target.Provider.Traits;
        var editor = new RequestEditor(request);
        if (target.Model != request.Model)
        {
            editor.Replace(request.ModelMember, JsonEncodedText.Encode(target.Model) is var name ? [(byte)'"', .. name.EncodedUtf8Bytes, (byte)'"'] : default);
        }

        if (request.UsageOptions.Exists && !traits.TakesUsageOptions)
        {
            editor.Remove(request.UsageOptions);
        }

        if (request.ProviderOptions.Exists && !traits.TakesProviderOptions)
        {
            editor.Remove(request.ProviderOptions);
        }

        if (request.Stream && !request.IncludeUsage && traits.TakesStreamOptions)
        {
            RequestSplices.IncludeUsage(request, editor);
        }

        if (!traits.TakesMarkers)
        {
            RequestSplices.StripMarkers(request, editor, traits.TakesCacheOptions);
        }

        return editor.HasChanges ? editor.Build() : null;
    }
}
