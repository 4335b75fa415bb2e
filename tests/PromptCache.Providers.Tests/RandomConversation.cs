using System.Text;

namespace PromptCache.Providers.Tests;

/// <summary>A conversation that grows as real ones do: a request's messages, the assistant's answer, the next request. What a provider brings of its own is the derived type's to say.</summary>
internal abstract class RandomConversation
{
    private const string Place = "\u0001";

    private static readonly string[] Texts = ["hello", "a\\nb", "\\u00e4 \\\"q\\\"", "🙂", " ", "", "tab\\t", "<b>&amp;</b>", "{\\\"a\\\": 1.0}", "\\ud83d\\ude42 ok"];

    private readonly Random _random;
    private readonly List<string> _messages = [];
    private readonly string _tools;
    private int _ids;
    private string[] _openCalls = [];

    /// <param name="random">Decides everything.</param>
    /// <param name="builtIn">The provider's own tool, which stands behind the client's.</param>
    protected RandomConversation(Random random, string builtIn)
    {
        _random = random;
        _tools = random.Next(2) == 0 ? "" : ""","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a": {"minimum":1.0}}}}},""" + builtIn + "]";
        for (var i = random.Next(3); i > 0; i--)
        {
            _messages.Add($$$"""{"role":"{{{(random.Next(2) == 0 ? "system" : "developer")}}}","content":{{{Content(false)}}}}""");
        }
    }

    /// <summary>Adds the last answer, unless it is the first turn, and what the client says next.</summary>
    public void Grow()
    {
        if (_messages.Exists(m => m.Contains("\"user\"", StringComparison.Ordinal)))
        {
            Answer();
        }

        foreach (var call in _openCalls)
        {
            _messages.Add($$"""{"role":"tool","tool_call_id":"{{call}}","content":{{Content(false)}}{{Place}}}""");
        }

        if (_openCalls.Length == 0 || _random.Next(4) == 0)
        {
            _messages.Add($$$"""{"role":"user","content":[{"type":"text","text":"q{{{_ids++}}}"{{{Place}}}},{"type":"image_url","image_url":{"url":"https://x/{{{_ids}}}.png"}}]}""");
        }

        if (_random.Next(5) == 0)
        {
            _messages.Add($$"""{"role":"system","content":{{Content(false)}}}""");
        }

        _openCalls = [];
    }

    /// <summary>The request. Where markers may stand they come and go from one request to the next.</summary>
    public string ToJson()
    {
        var pieces = $$$"""{"model":"m"{{{_tools}}},"messages":[{{{string.Join(",", _messages)}}}],"max_tokens":9}""".Split(Place);
        return pieces.Skip(1).Aggregate(new StringBuilder(pieces[0]), (json, piece) => json.Append(Marker()).Append(piece)).ToString();
    }

    /// <summary>Members of an assistant's message that carry what it thought, each behind a comma.</summary>
    protected abstract string Thoughts(Random random);

    /// <summary>Members of a tool call that are the provider's own, each behind a comma.</summary>
    protected virtual string OnCall(Random random) => "";

    private void Answer()
    {
        var message = new StringBuilder("""{"role":"assistant","content":""").Append(Content(true));
        if (_random.Next(3) == 0)
        {
            message.Append(Thoughts(_random));
        }

        if (_random.Next(2) == 0)
        {
            _openCalls = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => $"call_{_ids++}")];
            message.Append(",\"tool_calls\":[").AppendJoin(',', _openCalls.Select(id => $$$"""{"id":"{{{id}}}","type":"function","function":{"name":"f","arguments":"{\"a\": {{{_random.Next(9)}}}.0}"}{{{OnCall(_random)}}}{{{Place}}}}""")).Append(']');
        }

        _messages.Add(message.Append('}').ToString());
    }

    private string Content(bool orNull)
    {
        var text = Texts[_random.Next(Texts.Length)];
        return _random.Next(4) switch
        {
            0 when orNull => "null",
            0 or 1 => $"\"{text}\"",
            2 => $$"""[{"type":"text","text":"{{text}}"}]""",
            _ => $$"""[{"type":"text","text":"{{text}}"{{Place}}},{"type":"text","text":"more"}]""",
        };
    }

    private string Marker() => _random.Next(6) switch
    {
        0 => ""","cache_control":{"type":"ephemeral"}""",
        1 => ""","cache_control":{"type":"ephemeral","ttl":3600}""",
        _ => "",
    };
}
