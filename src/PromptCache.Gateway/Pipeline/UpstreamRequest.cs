using System.Text;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Core.Wire;
using PromptCache.Gateway.Configuration;

namespace PromptCache.Gateway.Pipeline;

/// <summary>The body that goes upstream: the client's own bytes, changed only where the provider needs it, or their translation.</summary>
internal sealed class UpstreamRequest : IDisposable
{
    private static readonly byte[] Marker = """{"type":"ephemeral"}"""u8.ToArray();

    private readonly PooledBytes? _owned;

    private UpstreamRequest(ReadOnlyMemory<byte> body, PooledBytes? owned, RequestError? error) => (Body, _owned, Error) = (body, owned, error);

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>What cannot be said in the provider's protocol; null: nothing.</summary>
    public RequestError? Error { get; }

    public static UpstreamRequest Build(ChatAttempt attempt, IHeaderDictionary headers)
    {
        if (attempt.PassesThrough)
        {
            return Named(attempt.Exchange.Inbound!.Shell, attempt.Target.Model);
        }

        var request = attempt.Exchange.Request;
        if (attempt.Cache is { IsUsed: true } cache)
        {
            var onTop = new PooledBytes(request.Body.Length / 4);
            if (cache.TryTranslate(request, onTop))
            {
                return new UpstreamRequest(onTop.Memory, onTop, error: null);
            }

            onTop.Dispose();
        }

        var edited = Edit(attempt, request, headers);
        if (attempt.Target.Provider.Protocol.Request is not { } translator)
        {
            return new UpstreamRequest(edited?.Memory ?? request.Body, edited, error: null);
        }

        using (edited)
        {
            var output = new PooledBytes(request.Body.Length + 1024);
            var source = edited is null ? request : Reread(edited);
            var error = translator.Translate(source, attempt.Target.Model, output);
            return new UpstreamRequest(output.Memory, output, error);
        }
    }

    /// <summary>The client's own bytes, with the model named as the provider knows it.</summary>
    public static UpstreamRequest Named(PromptRequest request, string model)
    {
        var editor = new RequestEditor(request);
        editor.UseModel(model);
        var edited = editor.HasChanges ? editor.Build() : null;
        return new UpstreamRequest(edited?.Memory ?? request.Body, edited, error: null);
    }

    public void Dispose() => _owned?.Dispose();

    private static PooledBytes? Edit(ChatAttempt attempt, PromptRequest request, IHeaderDictionary headers)
    {
        var target = attempt.Target;
        var traits = target.Provider.Traits;
        var editor = new RequestEditor(request);
        var isTranslated = target.Provider.Protocol.Request is not null;
        if (!isTranslated)
        {
            PassThroughEdits(request, editor, target.Model, traits);
            foreach (var field in attempt.Exchange.Inbound?.Protocol.NativeFields ?? [])
            {
                editor.RemoveAll(Encoding.UTF8.GetBytes(field));
            }

            if (target.Provider.Affinity)
            {
                AffinityEdits(attempt.Exchange, editor, traits, headers);
            }
        }

        // Only an analysis that went before the request has a say; see ChatEndpoint.
        if (attempt.Analysis is { IsCompletedSuccessfully: true, Result: { Injected.IsEmpty: false } analysis })
        {
            foreach (var index in analysis.Injected)
            {
                ref readonly var segment = ref attempt.Exchange.Segments[index];
                if (segment.Origin is not (SegmentOrigin.Tools or SegmentOrigin.Functions) || traits.TakesToolMarkers)
                {
                    editor.AddCacheControl(segment.Source, Marker);
                }
            }
        }

        return editor.HasChanges ? editor.Build() : null;
    }

    private static void PassThroughEdits(PromptRequest request, RequestEditor editor, string model, Providers.Presets.ProviderPreset traits)
    {
        editor.UseModel(model);
        if (!traits.TakesUsageOptions)
        {
            editor.RemoveUsageOptions();
        }

        if (!traits.TakesProviderOptions)
        {
            editor.RemoveProviderOptions();
        }

        foreach (var field in traits.Rejects)
        {
            editor.RemoveAll(Encoding.UTF8.GetBytes(field));
        }

        foreach (var (name, known) in traits.Renames)
        {
            editor.Rename(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(known));
        }

        if (!traits.TakesDeveloper)
        {
            editor.UseSystemRole();
        }

        if (request.Stream && !request.IncludeUsage && traits.TakesStreamOptions)
        {
            editor.AskForUsage();
        }

        var takesOptions = traits.CacheOptionModels.Any(m => Wildcard.Matches(m, model));
        var refused = (traits.TakesMarkers ? CacheFields.None : CacheFields.CacheControl)
            | (traits.TakesToolMarkers ? CacheFields.None : CacheFields.ToolControl)
            | (takesOptions ? CacheFields.None : CacheFields.Breakpoint | CacheFields.Options)
            | (traits.TakesReasoning ? CacheFields.None : CacheFields.Reasoning);
        if (refused != CacheFields.None)
        {
            editor.StripCacheFields(refused, asBreakpoints: takesOptions);
        }
    }

    // What the client said itself stays.
    private static void AffinityEdits(ChatExchange exchange, RequestEditor editor, Providers.Presets.ProviderPreset traits, IHeaderDictionary headers)
    {
        if (traits.AffinityField is { } field && !AffinityHints.AreGiven(traits, exchange.Request, headers))
        {
            editor.Append(Encoding.UTF8.GetBytes(field), Encoding.UTF8.GetBytes($"\"{exchange.Conversation}\""));
        }

        if (traits.SaltField is { } salt && !exchange.Request.Find(Encoding.UTF8.GetBytes(salt)).Exists)
        {
            editor.Append(Encoding.UTF8.GetBytes(salt), Encoding.UTF8.GetBytes($"\"{AffinityKey.OfTenant(exchange.Engine.Secret, exchange.Tenant)}\""));
        }
    }

    private static PromptRequest Reread(PooledBytes edited)
        => PromptRequestReader.TryRead(edited.Memory, out var request, out var error)
            ? request
            : throw new InvalidOperationException($"An edited body is no request any more: {error.Message}");
}
