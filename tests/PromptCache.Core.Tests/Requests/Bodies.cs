using System.Diagnostics.CodeAnalysis;
using System.Text;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;

namespace PromptCache.Core.Tests.Requests;

/// <summary>Bodies for tests, and the two doors that they go through.</summary>
internal static class Bodies
{
    /// <summary>A body with everything in it that the gateway reads.</summary>
    public const string Rich = """
        { "model" : "gpt-5" , "temperature":0.70, "stream": true, "stream_options": {"include_usage": false, "x": [1, 2]},
          "tools":[ {"type":"function","function":{"name":"get_weather","description":"Weather \"now\"","parameters":{"type":"object","properties":{"city":{"type":"string"},"cache_control":{"type":"string"}}}},"cache_control":{"type":"ephemeral","ttl":"1h"}},
                    {"type":"function","function":{"name":"time","parameters":{},"cache_control":null}} ],
          "tool_choice":"auto", "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"a":[1.0,2e3]}}},
          "usage":{"include":true}, "provider":{"order":["openai","claude"],"allow_fallbacks":false},
          "prompt_cache_key":"k","prompt_cache_options":{"mode":"explicit","ttl":"30m"},
          "cache_control":{"type":"ephemeral"},
          "messages":[
            {"role":"system","content":"You are terse.\nVery\u0020terse."},
            {"role":"developer","content":[{"type":"text","text":"Guide \ud83d\ude00","cache_control":{"type":"ephemeral","ttl":300}}]},
            {"role":"user","name":"Ada","content":[{"type":"text","text":"Look:"},{"type":"image_url","image_url":{"url":"https://example.org/a.png","detail":"low"}},{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}},{"type":"file","file":{"file_id":"f1"}}]},
            {"content":null,"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Paris\"}"}},{"id":"c2","type":"function","function":{"name":"time","arguments":"{}"},"cache_control":{"type":"ephemeral","ttl":3600}}]},
            {"role":"tool","tool_call_id":"c1","content":"18 \u00b0C"},
            {"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"noon"}],"cache_control":{"type":"ephemeral"}},
            {"role":"assistant","reasoning_content":"hm","content":[{"type":"thinking","thinking":"let me","signature":"c2ln"},{"type":"tool_use","id":"t","name":"n","input":{"q":1}},{"type":"refusal","refusal":"no"}],"refusal":null},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"a"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBOR"}},{"type":"text","text":"b"}]},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"Doc"},"cache_control":{"type":"ephemeral"}},{"type":"odd","x":1,"prompt_cache_breakpoint":{"mode":"explicit"}}]},
            {"role":"system","content":"later"},
            {"role":"critic","content":[],"weight":1},
            {"role":"user","content":"Thanks"}
          ], "x_unknown" : { "deep" : [ null , true ] } }
        """;

    public static byte[] Utf8(string body) => Encoding.UTF8.GetBytes(body);

    public static string Chat(string messages, string more = "") => $$"""{"model":"m","messages":[{{messages}}]{{more}}}""";

    public static PromptRequest Read(string body) => Read(Utf8(body));

    public static PromptRequest Read(byte[] body)
    {
        PromptRequestReader.TryRead(body, out var request, out var error).ShouldBeTrue(error?.ToString());
        return request!;
    }

    public static RequestError Refused(string body)
    {
        PromptRequestReader.TryRead(Utf8(body), out var request, out var error).ShouldBeFalse();
        request.ShouldBeNull();
        return error!;
    }

    public static SegmentList Cut(string body)
    {
        Segmenter.TryCut(Read(body), out var segments, out var error).ShouldBeTrue(error?.ToString());
        return segments!;
    }

    public static RequestError CutRefused(string body)
    {
        Segmenter.TryCut(Read(body), out var segments, out var error).ShouldBeFalse();
        segments.ShouldBeNull();
        return error!;
    }

    /// <summary>Read and cut: whatever the bytes are, either segments or an error with a message.</summary>
    public static bool TryAll(byte[] body, [NotNullWhen(false)] out RequestError? error)
    {
        if (!PromptRequestReader.TryRead(body, out var request, out error) || !Segmenter.TryCut(request, out var segments, out error))
        {
            error.Message.ShouldNotBeNullOrWhiteSpace();
            error.Code.ShouldNotBeNullOrWhiteSpace();
            return false;
        }

        segments.Dispose();
        return true;
    }
}
