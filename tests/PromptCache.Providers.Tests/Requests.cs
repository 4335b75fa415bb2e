using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using PromptCache.Core.Requests;
using PromptCache.Core.Wire;

namespace PromptCache.Providers.Tests;

/// <summary>Fills a <see cref="PromptRequest"/> with what translators use.</summary>
internal static class Requests
{
    public static PromptRequest Read(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 512 });
        var members = ImmutableArray.CreateBuilder<JsonMember>();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = new ByteRange((int)reader.TokenStartIndex, reader.ValueSpan.Length + 2);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            members.Add(new(name, new(start, (int)reader.BytesConsumed - start)));
        }

        JsonMember Find(string name) => members.LastOrDefault(m => Encoding.UTF8.GetString(m.Name.Of(body.AsSpan())) == $"\"{name}\"");
        var stream = Find("stream");
        return new()
        {
            Body = body,
            Members = members.ToImmutable(),
            Model = "m",
            ModelMember = Find("model"),
            Messages = Find("messages"),
            Tools = Find("tools"),
            Stream = stream.Exists && stream.Value.Of(body.AsSpan()) is [(byte)'t', ..],
        };
    }
}
