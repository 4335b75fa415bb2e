using System.Diagnostics.CodeAnalysis;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>Reads a chat-completion body into a <see cref="PromptRequest"/>.</summary>
/// <remarks>
/// A field that the gateway reads may stand once in its object: which of two counts is not the same everywhere, and the answer would be billed by the other one.
/// A byte order mark is refused, because the body goes on as it came. Unknown fields are accepted, also twice.
/// </remarks>
public static class PromptRequestReader
{
    /// <summary>Reads the body; on failure says which field is at fault.</summary>
    /// <remarks>Never throws for what a client can send, and never repeats the client's text in an error.</remarks>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out PromptRequest? request, [NotNullWhen(false)] out RequestError? error)
    {
        request = null;
        if (!BodyScanner.TryScan(body.Span, out var members, out error))
        {
            return false;
        }

        var fields = new FieldTable(body.Span, members);
        var options = new RequestOptions(body.Span, fields);
        error = fields.Error
            ?? CheckModel(body.Span, fields[TopField.Model])
            ?? MessageShape.CheckMessages(body.Span, fields[TopField.Messages])
            ?? MessageShape.CheckTools(body.Span, fields[TopField.Tools])
            ?? options.Error;
        if (error is not null)
        {
            return false;
        }

        request = new PromptRequest
        {
            Body = body,
            Members = members,
            Model = JsonEscapes.DecodeToString(fields[TopField.Model].Value.Of(body.Span)[1..^1]),
            ModelMember = fields[TopField.Model],
            Messages = fields[TopField.Messages],
            Tools = fields.NotNull(TopField.Tools),
            ToolChoice = fields[TopField.ToolChoice],
            ResponseFormat = fields[TopField.ResponseFormat],
            StreamOptions = fields[TopField.StreamOptions],
            UsageOptions = fields[TopField.Usage],
            ProviderOptions = fields[TopField.Provider],
            CacheControl = fields[TopField.CacheControl],
            PromptCacheKey = fields[TopField.PromptCacheKey],
            PromptCacheOptions = fields[TopField.PromptCacheOptions],
            PromptCacheRetention = fields[TopField.PromptCacheRetention],
            Stream = options.Stream,
            IncludeUsage = options.IncludeUsage,
            UsageInclude = options.UsageInclude,
            ProviderOrder = options.ProviderOrder,
            AllowFallbacks = options.AllowFallbacks,
        };
        return true;
    }

    internal static RequestError? CheckModel(ReadOnlySpan<byte> body, JsonMember model)
    {
        if (!model.Exists)
        {
            return RequestErrors.Missing("model");
        }

        var kind = JsonScan.KindAt(body, model.Value.Start);
        if (kind != JsonKind.String)
        {
            return RequestErrors.WrongType("model", "a string", kind);
        }

        return model.Value.Length == 2 ? RequestErrors.EmptyString("model") : null;
    }
}
