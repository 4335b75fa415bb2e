using System.Diagnostics.CodeAnalysis;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>Reads of a request what routing needs, the model and whether it streams, whatever protocol its other members belong to.</summary>
public static class RequestShell
{
    /// <summary>Reads the body; on failure says which field is at fault. Of the result only the members, the model and <c>stream</c> are set.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out PromptRequest? shell, [NotNullWhen(false)] out RequestError? error)
    {
        shell = null;
        if (!BodyScanner.TryScan(body.Span, out var members, out error))
        {
            return false;
        }

        var fields = new FieldTable(body.Span, members);
        var model = fields[TopField.Model];
        error = fields.Error ?? PromptRequestReader.CheckModel(body.Span, model);
        if (error is not null)
        {
            return false;
        }

        var stream = fields[TopField.Stream];
        shell = new PromptRequest
        {
            Body = body,
            Members = members,
            Model = JsonEscapes.DecodeToString(model.Value.Of(body.Span)[1..^1]),
            ModelMember = model,
            Messages = default,
            Stream = stream.Exists && stream.Value.Of(body.Span).SequenceEqual("true"u8),
        };
        return true;
    }
}
