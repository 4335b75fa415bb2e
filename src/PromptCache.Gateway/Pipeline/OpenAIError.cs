using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PromptCache.Core.Requests;
using PromptCache.Providers;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Errors that the gateway itself makes, in OpenAI's shape, or in that of the client's own protocol.</summary>
internal static class OpenAIError
{
    // For programs and people, not for a page: quotes in a message stay readable.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(HttpContext context, int status, RequestError error)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        var protocol = context.Features.Get<IInboundProtocol>();
        if (protocol is not null)
        {
            protocol.WriteError(status, error, buffer);
        }
        else
        {
            WriteBody(buffer, status, error);
        }

        context.Response.Clear();
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        context.Response.Headers[HeaderNames.RequestId] = RequestIds.Of(context);
        if (protocol is not null)
        {
            InboundHeaders.Tell(context);
        }

        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static void WriteBody(ArrayBufferWriter<byte> buffer, int status, RequestError error)
    {
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, error.Message);
        json.WriteString("type"u8, status switch
        {
            StatusCodes.Status401Unauthorized => "authentication_error",
            >= 500 => "api_error",
            _ => "invalid_request_error",
        });
        json.WriteString("param"u8, error.Param);
        json.WriteString("code"u8, error.Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
