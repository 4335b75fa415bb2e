using System.Text;
using System.Text.Json.Nodes;
using PromptCache.Core.Requests;
using PromptCache.Core.Tests.Wire;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Tests.Requests;

public class RequestEditorTests
{
    [Theory]
    [InlineData("""{ "a":1 , "b":2 , "c":3 }""", "a", """{ "b":2 , "c":3 }""")]
    [InlineData("""{ "a":1 , "b":2 , "c":3 }""", "b", """{ "a":1 , "c":3 }""")]
    [InlineData("""{ "a":1 , "b":2 , "c":3 }""", "c", """{ "a":1 , "b":2 }""")]
    [InlineData("""{ "a":1 , "b":2 , "c":3 }""", "ab", """{ "c":3 }""")]
    [InlineData("""{ "a":1 , "b":2 , "c":3 }""", "cb", """{ "a":1 }""")]
    [InlineData("""{ "a":1 , "b":2 , "c":3 }""", "ac", """{ "b":2 }""")]
    [InlineData("""{ "a":1 , "b":2 , "c":3 }""", "bac", """{  }""")]
    [InlineData("""{"a":1}""", "a", "{}")]
    public void Remove_AnyPosition_TakesOneCommaWithIt(string body, string names, string expected)
    {
        var editor = Edit(body);
        foreach (var name in names)
        {
            editor.Remove(editor.Request.Find([(byte)name]));
        }

        Build(editor).ShouldBe(expected);
    }

    [Theory]
    [InlineData("{}", """{"n":1,"o":2}""")]
    [InlineData("{ \n }", """{"n":1,"o":2 """ + "\n }")]
    [InlineData("""{ "b":2 }""", """{ "b":2,"n":1,"o":2 }""")]
    [InlineData("""{ "a":1 }""", """{ "n":1,"o":2 }""")]
    [InlineData("""{"b":1 , "a":2 }""", """{"b":1,"n":1,"o":2 }""")]
    public void Append_WithTheRestRemovedOrNot_NeedsTheRightComma(string body, string expected)
    {
        var editor = Edit(body);
        editor.Append("n"u8, "1"u8);
        if (editor.Request.Find("a"u8) is { Exists: true } member)
        {
            editor.Remove(member);
        }

        editor.Append("o"u8, "2"u8);

        Build(editor).ShouldBe(expected);
    }

    [Fact]
    public void Build_NoChange_SameBytes()
    {
        var editor = new RequestEditor(Bodies.Read(Bodies.Rich));

        editor.HasChanges.ShouldBeFalse();
        Build(editor).ShouldBe(Bodies.Rich);
    }

    [Fact]
    public void Build_OverlappingChanges_Throws()
    {
        var editor = Edit("""{"a":1,"b":[2,3]}""");
        editor.Replace(editor.Request.Find("b"u8), "9"u8);
        editor.Insert(13, "7,"u8);

        Should.Throw<InvalidOperationException>(() => editor.Build());
    }

    [Fact]
    public void Remove_NotThere_Throws()
    {
        var editor = Edit("""{"a":{"b":1}}""");

        Should.Throw<ArgumentException>(() => editor.Remove(default));
        Should.Throw<ArgumentException>(() => editor.Remove(new JsonMember(new ByteRange(6, 3), new ByteRange(10, 1))));
        Should.Throw<ArgumentOutOfRangeException>(() => editor.Insert(99, "x"u8));
    }

    [Fact]
    public void Build_RandomChangesInAnyOrder_EqualTheSameChangesOnATree()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var count = random.Next(6);
            var space = random.Next(2) == 0 ? " " : "";
            var body = $"{{{space}{string.Join($"{space},{space}", Enumerable.Range(0, count).Select(i => $"\"m{i}\"{space}:{space}{JsonTextTests.RandomJson(random, 1).Trim()}"))}{space}}}";
            var editor = Edit(body);
            var tree = JsonNode.Parse(body)!.AsObject();
            var kept = new List<string>();
            foreach (var member in editor.Request.Members.OrderBy(_ => random.Next()))
            {
                var name = Encoding.UTF8.GetString(member.Name.Of(editor.Request.Body.Span)[1..^1]);
                switch (random.Next(3))
                {
                    case 0:
                        editor.Remove(member);
                        tree.Remove(name);
                        break;
                    case 1:
                        editor.Replace(member, "[true]"u8);
                        tree[name] = new JsonArray(true);
                        break;
                    default:
                        kept.Add(Encoding.UTF8.GetString(editor.Request.Body.Span[member.Name.Start..member.Value.End]));
                        break;
                }
            }

            for (var added = random.Next(3); added > 0; added--)
            {
                editor.Append(Encoding.UTF8.GetBytes($"n{added}"), "{}"u8);
                tree[$"n{added}"] = new JsonObject();
            }

            var edited = Build(editor);

            JsonNode.DeepEquals(JsonNode.Parse(edited), tree).ShouldBeTrue($"seed {seed}: {body} -> {edited}");
            kept.ShouldAllBe(raw => edited.Contains(raw, StringComparison.Ordinal), $"seed {seed}");
        }
    }

    internal static string Build(RequestEditor editor)
    {
        using var edited = editor.Build();
        return Encoding.UTF8.GetString(edited.Span);
    }

    // Through the scanner alone: these bodies need no model and no messages.
    private static RequestEditor Edit(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        BodyScanner.TryScan(bytes, out var members, out var error).ShouldBeTrue(error?.ToString());
        return new RequestEditor(new PromptRequest { Body = bytes, Members = members, Model = "m", ModelMember = default, Messages = default });
    }
}
