using System.Text.Json.Nodes;
using PromptCache.Core.Policies;
using PromptCache.Testing;
using static PromptCache.Gateway.Tests.ExplicitBench;

namespace PromptCache.Gateway.Tests;

/// <summary>Random conversations with random markers through the front door, held to a reference written in the plainest way.</summary>
public sealed class ExplicitPropertyTests
{
    private const int Minimum = 60;
    private const int Steps = 150;

    private static readonly string[] Roles = ["system", "user", "assistant"];
    private static readonly string[] Texts = [.. Enumerable.Range(0, 12).Select(i => Words(4 + (7 * i % 40), $"T{i}"))];

    [Theory]
    [InlineData(1, 20, 4, ExcessRule.Reject)]
    [InlineData(2, 3, 4, ExcessRule.Reject)]
    [InlineData(3, 2, 3, ExcessRule.KeepLast)]
    [InlineData(4, 1, 1, ExcessRule.OnlyLast)]
    public async Task Chat_RandomConversations_AgreeWithTheReference(int seed, int lookback, int most, ExcessRule excess)
    {
        var time = new ManualTimeProvider();
        var policies = $$""" "CachePolicies": { "mine": { "Extends": "anthropic", "MinTokens": {{Minimum}}, "LookbackBlocks": {{lookback}}, "MaxBreakpoints": {{most}}, "OnExcess": "{{excess}}" } } """;
        await using var plain = await ExplicitBench.StartAsync("mine", policies, time);
        await using var streaming = await ExplicitBench.StartAsync("mine", policies, time);
        var reference = new ExplicitReference(Minimum, lookback, most, excess);
        var random = new Random(seed);
        var parts = new List<ReferencePart> { Part(random, before: null) };

        for (var step = 0; step < Steps; step++)
        {
            Mutate(random, parts);
            Mark(random, parts, excess == ExcessRule.Reject ? most : 6);
            var wait = random.Next(4) == 0 ? random.Next(1, 70) : random.NextDouble() * 3;
            time.Advance(TimeSpan.FromMinutes(wait));
            reference.Now += wait;

            var expected = reference.Send(parts);
            var one = await plain.ChatAsync(ToBody(parts));
            var two = await streaming.ChatAsync(Streamed(ToBody(parts)));

            var context = $"seed {seed}, step {step}";
            one.Prompt.ShouldBe(ReferencePartsTotal(parts), context);
            one.Buckets().ShouldBe(expected, context);
            (expected.Read + expected.Write5m + expected.Write1h).ShouldBeLessThanOrEqualTo(one.Prompt, context);
            two.Buckets().ShouldBe(one.Buckets(), context);
            two.Total.ShouldBe(one.Total, context);
            (two.Prompt, two.Completion).ShouldBe((one.Prompt, one.Completion), context);
        }
    }

    private static long ReferencePartsTotal(List<ReferencePart> parts) => ExplicitReference.Tokens(parts, parts.Count - 1) + 3;

    /// <summary>Grows the conversation, goes on from an earlier turn, changes a part, or begins anew.</summary>
    private static void Mutate(Random random, List<ReferencePart> parts)
    {
        switch (random.Next(6))
        {
            case 0:
                var kept = random.Next(1, parts.Count + 1);
                parts.RemoveRange(kept, parts.Count - kept);
                break;
            case 1:
                var at = random.Next(parts.Count);
                parts[at] = parts[at] with { Text = Texts[random.Next(Texts.Length)] };
                break;
            default:
                foreach (var _ in Enumerable.Range(0, random.Next(1, 4)))
                {
                    parts.Add(Part(random, parts[^1]));
                }

                break;
        }

        if (parts.Count > 24)
        {
            parts.RemoveRange(3, parts.Count - 3);
        }
    }

    private static void Mark(Random random, List<ReferencePart> parts, int most)
    {
        var marked = Enumerable.Range(0, parts.Count).OrderBy(_ => random.Next()).Take(random.Next(0, most + 1)).Order().ToList();
        var hours = random.Next(marked.Count + 1);
        for (var i = 0; i < parts.Count; i++)
        {
            var index = marked.IndexOf(i);
            parts[i] = parts[i] with { Minutes = index < 0 ? 0 : index < hours ? 60 : 5 };
        }
    }

    private static ReferencePart Part(Random random, ReferencePart? before)
    {
        var starts = before is null || random.Next(3) > 0;
        return new(before is null ? "system" : starts ? Roles[random.Next(Roles.Length)] : before.Role, starts, Texts[random.Next(Texts.Length)], 0);
    }

    /// <summary>Every spelling of the lifetime.</summary>
    private static string? Ttl(ReferencePart part) => (part.Minutes, part.Text.Length % 3) switch
    {
        (60, 0) => "3600",
        (60, _) => "\"1h\"",
        (_, 0) => "300",
        (_, 1) => "\"5m\"",
        _ => null,
    };

    private static JsonObject ToBody(List<ReferencePart> parts)
    {
        var messages = new JsonArray();
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            var node = Text(part.Text);
            var isLast = i + 1 == parts.Count || parts[i + 1].Starts;
            var onMessage = isLast && part.Text.Length % 2 == 0;
            if (part.Minutes > 0 && !onMessage)
            {
                node.Marked(Ttl(part));
            }

            if (part.Starts)
            {
                messages.Add(Message(part.Role, node));
            }
            else
            {
                messages[^1]!["content"]!.AsArray().Add(node);
            }

            if (part.Minutes > 0 && onMessage)
            {
                messages[^1]!.AsObject().Marked(Ttl(part));
            }
        }

        return new JsonObject { ["model"] = "engine", ["messages"] = messages };
    }
}
