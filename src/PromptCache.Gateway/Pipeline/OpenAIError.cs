using System.Buffers;
using System.Text.Json;
using PromptCache.Core.Requests;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Errors that the gateway itself makes, in OpenAI's shape.</summary>
internal static class OpenAIError
{
    public static Task WriteAsync(HttpContext context, int status, RequestError error)
        => WriteAsync(context, status, error.Message, status switch
        {
            StatusCodes.Status401Unauthorized => "authentication_error",
            >= 500 => "api_error",
            _ => "invalid_request_error",
        }, error.Param, error.Code);

    private static async Task WriteAsync(HttpContext context, int status, string message, string type, string? param, string code)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("error"u8);
            json.WriteString("message"u8, message);
            json.WriteString("type"u8, type);
            json.WriteString("param"u8, param);
            json.WriteString("code"u8, code);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        context.Response.Clear();
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        context.Response.Headers[HeaderNames.RequestId] = RequestIds.Of(context);
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }
}
