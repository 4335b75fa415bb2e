using System.Buffers;
using System.Text;
using System.Text.Json;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Providers.Gemini;

namespace PromptCache.Providers.Tests.Gemini;

/// <summary>The public doors of the protocol, for text.</summary>
internal static class GeminiTranslation
{
    public const string Flash25 = "gemini-2.5-flash";

    private static readonly GeminiProtocol Protocol = new();

    public static string Request(string chat, string model = Flash25)
    {
        Try(chat, model, out var text).ShouldBeNull();
        return text;
    }

    public static RequestError Refused(string chat, string model = Flash25) => Try(chat, model, out _).ShouldNotBeNull();

    /// <summary>Contents only, of a request that says nothing else.</summary>
    public static string Contents(string messages, string model = Flash25)
    {
        var whole = Request($$"""{"model":"m","messages":{{messages}}}""", model);
        const string Tail = ""","generationConfig":{}}""";
        whole.ShouldEndWith(Tail);
        return whole[1..^Tail.Length];
    }

    public static RequestError? Try(string chat, string model, out string text)
    {
        text = "";
        if (Requests.TryRead(chat, out var request) is { } unreadable)
        {
            return unreadable;
        }

        var output = new ArrayBufferWriter<byte>();
        var error = Protocol.Request!.Translate(request!, model, output);
        text = Encoding.UTF8.GetString(output.WrittenSpan);
        if (error is null)
        {
            using var _ = JsonDocument.Parse(text, new() { MaxDepth = 600 });
        }

        return error;
    }

    /// <summary>The two halves of a request that is cut behind its last marker; null: it cannot be cut there.</summary>
    public static (string Creation, string Remainder)? Cut(string chat, string model = Flash25)
    {
        Requests.TryRead(chat, out var request).ShouldBeNull();
        Segmenter.TryCut(request!, out var segments, out var error).ShouldBeTrue(error?.Message);
        using (segments)
        {
            var at = Enumerable.Range(0, segments!.Count).Last(i => segments[i].Marker.Exists);
            if (!Protocol.PrefixCaches!.CanCut(segments, at))
            {
                return null;
            }

            var creation = new ArrayBufferWriter<byte>();
            var rest = new ArrayBufferWriter<byte>();
            Protocol.PrefixCaches.WriteCreation(request!, model, segments[at], TimeSpan.FromMinutes(5), creation).ShouldBeNull();
            Protocol.PrefixCaches.Translate(request!, model, "cachedContents/c1", segments[at], rest).ShouldBeNull();
            return (Encoding.UTF8.GetString(creation.WrittenSpan), Encoding.UTF8.GetString(rest.WrittenSpan));
        }
    }

    public static IResponseTranslator Response() => Protocol.CreateResponse(new("gemini", "req-1", 1700000000)).ShouldNotBeNull();

    public static string Body(string response)
    {
        var output = new ArrayBufferWriter<byte>();
        Response().TranslateBody(Encoding.UTF8.GetBytes(response), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string Stream(params string[] datas)
    {
        var output = new ArrayBufferWriter<byte>();
        var translator = Response();
        foreach (var data in datas)
        {
            translator.TranslateEvent(Encoding.UTF8.GetBytes($"data: {data}\r\n\r\n"), output);
        }

        translator.Complete(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
