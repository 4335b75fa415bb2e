using System.Text;

namespace PromptCache.Providers.Tests.Anthropic;

/// <summary>A conversation in the Messages API that grows as an agent's does: thinking, parallel calls, their results with images, what the user says then; markers that come and go and move with it.</summary>
internal sealed class RandomMessages
{
    private const string Place = "\u0001";

    private static readonly string[] Texts = ["hello", "a\\nb", "\\u00e4 \\\"q\\\"", "🙂", " ", "tab\\t", "<b>&amp;</b>", "\\ud83d\\ude42 ok"];

    private readonly Random _random;
    private readonly string _head;
    private readonly List<string> _messages = [];
    private string[] _calls = [];
    private int _ids;

    public RandomMessages(Random random)
    {
        _random = random;
        var tools = random.Next(3) == 0 ? "" : """
            "tools":[{"name":"f","input_schema":{"type":"object", "properties":{"a":{"minimum":1.0}}}#},{"name":"g","description":"d","input_schema":{"type":"object"}#}],
            """.Replace("#", Place, StringComparison.Ordinal);
        var system = random.Next(3) switch
        {
            0 => "",
            1 => $"\"system\":\"{Text()}\",",
            _ => $$"""
                "system":[{"type":"text","text":"{{Text()}}"{{Place}}},{"type":"text","text":"more"{{Place}}}],
                """,
        };
        _head = $"{{\"model\":\"m\",\"max_tokens\":9,{tools.Trim()}{system.Trim()}\"messages\":[";
    }

    /// <summary>Adds the last answer, unless it is the first turn, and what the client says next.</summary>
    public void Grow()
    {
        if (_messages.Count > 0)
        {
            Answer();
        }

        var blocks = new List<string>();
        blocks.AddRange(_calls.Select(id => $$"""{"type":"tool_result","tool_use_id":"{{id}}"{{Result()}}{{Place}}}"""));
        if (blocks.Count == 0 || _random.Next(3) == 0)
        {
            blocks.Add($$"""{"type":"text","text":"{{Text()}}{{_ids++}}"{{Place}}}""");
        }

        if (_random.Next(4) == 0)
        {
            blocks.Add($$$"""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}{{{Place}}}}""");
        }

        if (_random.Next(6) == 0)
        {
            blocks.Add($$$"""{"type":"document","title":"T","source":{"type":"text","media_type":"text/plain","data":"{{{Text()}}}"}{{{Place}}}}""");
        }

        _messages.Add(_calls.Length == 0 && _random.Next(4) == 0
            ? $$"""{"role":"user","content":"{{Text()}}{{_ids++}}"}"""
            : $$"""{"role":"user","content":[{{string.Join(",", blocks)}}]}""");
        _calls = [];
    }

    /// <summary>The request. Where markers may stand they come and go from one request to the next.</summary>
    public string ToJson()
    {
        var pieces = $"{_head}{string.Join(",", _messages)}]}}".Split(Place);
        return pieces.Skip(1).Aggregate(new StringBuilder(pieces[0]), (json, piece) => json.Append(Marker()).Append(piece)).ToString();
    }

    private void Answer()
    {
        var blocks = new List<string>();
        if (_random.Next(3) == 0)
        {
            blocks.Add($$"""{"type":"thinking","thinking":"{{Text()}}","signature":"S=="}""");
        }

        if (_random.Next(8) == 0)
        {
            blocks.Add("""{"type":"redacted_thinking","data":"R=="}""");
        }

        if (_random.Next(4) > 0)
        {
            blocks.Add($$"""{"type":"text","text":"{{Text()}}{{_ids++}}"{{Place}}}""");
        }

        if (_random.Next(2) == 0)
        {
            _calls = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => $"toolu_{_ids++}")];
            blocks.AddRange(_calls.Select(id => $$$"""{"type":"tool_use","id":"{{{id}}}","name":"{{{(_random.Next(2) == 0 ? "f" : "g")}}}","input":{"a": {{{_random.Next(9)}}}.0, "t":"{{{Text()}}}"}{{{Place}}}}"""));
        }

        _messages.Add(blocks.Count == 0
            ? $$"""{"role":"assistant","content":"{{Text()}}{{_ids++}}"}"""
            : $$"""{"role":"assistant","content":[{{string.Join(",", blocks)}}]}""");
    }

    private string Result() => _random.Next(6) switch
    {
        0 => "",
        1 => $",\"content\":\"{Text()}\"",
        2 => $",\"is_error\":true,\"content\":\"{Text()}\"",
        3 => ""","content":[{"type":"image","source":{"type":"url","url":"https://x/i.png"}}]""",
        4 => $$$""","content":[{"type":"text","text":"{{{Text()}}}"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}}]""",
        _ => $$""","content":[{"type":"text","text":"{{Text()}}"},{"type":"text","text":"more"}]""",
    };

    private string Text() => Texts[_random.Next(Texts.Length)];

    private string Marker() => _random.Next(6) switch
    {
        0 => ""","cache_control":{"type":"ephemeral"}""",
        1 => ""","cache_control":{"type":"ephemeral","ttl":"1h"}""",
        _ => "",
    };
}
