using System.Text.Json.Nodes;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;
using PromptCache.Testing;

namespace PromptCache.Gateway.Tests.Breakpoints;

/// <summary>Markers that the gateway puts into requests that have none, against an independent implementation of Anthropic's rules.</summary>
public sealed class BreakpointTests
{
    private static readonly string System = Bodies.Text(1500, "You are a support agent.");

    [Fact]
    public async Task Adaptive_OneOffPrompts_NeverPayAWrite()
    {
        await using var claude = await ClaudeBench.StartAsync("adaptive");

        for (var i = 0; i < 5; i++)
        {
            var figures = await claude.ChatAsync(("system", Bodies.Text(1500, $"You are agent {i}.")), ("user", $"Question {i}"));

            (figures.Cached, figures.Written).ShouldBe((0, 0));
            claude.LastMarkers().ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Adaptive_FirstProviderIsDown_TheSecondIsMarkedByWhatItHasSeenItself()
    {
        var time = new ManualTimeProvider();
        await using var first = await SimulatorHost.StartAsync(new() { CompletionTokens = 5 }, time, TestContext.Current.CancellationToken);
        await using var second = await SimulatorHost.StartAsync(new() { CompletionTokens = 5 }, time, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync($$"""
            { "PromptCache": {
                "Providers": {
                    "a": { "Preset": "anthropic", "BaseUrl": "{{first.BaseUrl}}", "ApiKey": "sk-ant-test" },
                    "b": { "Preset": "anthropic", "BaseUrl": "{{second.BaseUrl}}", "ApiKey": "sk-ant-test" } },
                "Models": [ { "Match": "*", "Providers": ["a", "b"] } ] } }
            """, time);
        var turns = new List<(string, string)> { ("system", System), ("user", "One.") };
        async Task<(long? Cached, long? Written)> ChatAsync()
        {
            var figures = await gateway.ChatAsync(Bodies.Chat(ClaudeBench.Model, stream: false, [.. turns]));
            turns.AddRange([("assistant", "Yes."), ("user", "And?")]);
            return (figures.Cached, figures.Written);
        }

        (await ChatAsync()).ShouldBe((0, 0));
        (await ChatAsync()).Written.ShouldNotBeNull().ShouldBeGreaterThan(1500, "a has seen it");
        first.Options = new() { Error = "529", CompletionTokens = 5 };
        (await ChatAsync()).ShouldBe((0, 0), "b has not");
        (await ChatAsync()).Written.ShouldNotBeNull().ShouldBeGreaterThan(1500);
        (await ChatAsync()).Cached.ShouldNotBeNull().ShouldBeGreaterThan(1500);
    }

    // Trap 23: a marker on a tail that is new every time would be a write on every turn and never a read.
    [Fact]
    public async Task Adaptive_SharedSystemPromptAndEverNewQuestions_MarksTheSystemPromptAlone()
    {
        await using var claude = await ClaudeBench.StartAsync("adaptive");
        var figures = new List<ChatFigures>();

        for (var i = 0; i < 4; i++)
        {
            figures.Add(await claude.ChatAsync(("system", System), ("user", Bodies.Text(2000, $"Question {i}."))));
            claude.LastMarkers().ShouldBe(i == 0 ? "" : "system.0");
        }

        figures.Select(f => (f.Cached, f.Written)).ShouldBe([(0, 0), (0, 1500), (1500, 0), (1500, 0)]);
    }

    [Fact]
    public async Task Adaptive_GrowingConversation_ReadsWhatEarlierTurnsWrote()
    {
        await using var claude = await ClaudeBench.StartAsync("adaptive");
        var history = new List<(string, string)> { ("system", System) };
        long written = 0;

        for (var turn = 0; turn < 10; turn++)
        {
            history.Add(("user", $"Question number {turn}, please."));
            var figures = await claude.ChatAsync([.. history]);
            claude.LastMarkers().Split(' ').Length.ShouldBeLessThanOrEqualTo(4);
            if (turn == 0)
            {
                (figures.Cached, figures.Written).ShouldBe((0, 0));
            }
            else
            {
                // The reply's priming is behind the last marker; everything before it was read or is written.
                figures.Cached.ShouldBe(written);
                (figures.Cached + figures.Written).ShouldBe(figures.Prompt - 3);
                written = figures.Prompt - 3;
            }

            history.Add(("assistant", $"Answer number {turn}."));
            claude.Wait(TimeSpan.FromMinutes(4));
        }
    }

    [Fact]
    public async Task Adaptive_ConversationThatRestedTooLong_StartsOver()
    {
        await using var claude = await ClaudeBench.StartAsync("adaptive");
        await claude.ChatAsync(("system", System), ("user", "A"));
        claude.Wait(TimeSpan.FromMinutes(5));

        var late = await claude.ChatAsync(("system", System), ("user", "A"), ("assistant", "B"), ("user", "C"));

        (late.Cached, late.Written).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Always_FirstRequest_PaysTheWrite()
    {
        await using var claude = await ClaudeBench.StartAsync("always");

        var first = await claude.ChatAsync(("system", System), ("user", "A"));

        first.Written.ShouldBe(first.Prompt - 3);
        claude.LastMarkers().ShouldBe("system.0 messages.0.0");
    }

    [Fact]
    public async Task Off_Repeated_NothingIsMarked()
    {
        await using var claude = await ClaudeBench.StartAsync("off");

        for (var i = 0; i < 3; i++)
        {
            var figures = await claude.ChatAsync(("system", System), ("user", "A"));
            (figures.Cached, figures.Written).ShouldBe((0, 0));
        }

        claude.LastMarkers().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("always")]
    [InlineData("adaptive")]
    public async Task RequestWithItsOwnMarkers_IsSentWithThoseAlone(string breakpoints)
    {
        await using var claude = await ClaudeBench.StartAsync(breakpoints);
        JsonArray Messages() =>
        [
            new JsonObject { ["role"] = "system", ["content"] = System },
            new JsonObject { ["role"] = "user", ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = "A", ["cache_control"] = new JsonObject { ["type"] = "ephemeral" } }) },
            new JsonObject { ["role"] = "user", ["content"] = "B" },
        ];

        var first = await claude.SendAsync(Messages());
        var second = await claude.SendAsync(Messages());

        claude.LastMarkers().ShouldBe("messages.0.0");
        second.Cached.ShouldBe(first.Written);
    }

    [Fact]
    public async Task Adaptive_ToolsSystemAndHistory_UsesTheFourPlaces()
    {
        await using var claude = await ClaudeBench.StartAsync("adaptive");
        JsonArray tools = [Tool("search", Bodies.Text(1200, "Searches.")), Tool("book", "Books.")];
        var messages = new JsonArray(
            new JsonObject { ["role"] = "system", ["content"] = System },
            new JsonObject { ["role"] = "user", ["content"] = "Find a tent." });
        await claude.SendAsync(messages, tools);
        messages.Add(Call("search"));
        messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = "call_search", ["content"] = Bodies.Text(300, "Tents.") });
        await claude.SendAsync(messages, tools);
        claude.LastMarkers().ShouldBe("tools.1 system.0 messages.0.0 messages.2.0");

        messages.Add(Call("book"));
        messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = "call_book", ["content"] = "Booked." });
        var third = await claude.SendAsync(messages, tools);

        claude.LastMarkers().ShouldBe("tools.1 system.0 messages.2.0 messages.4.0");
        third.Cached.ShouldNotBeNull().ShouldBeGreaterThan(3000);
    }

    // Unsigned reasoning never reaches Anthropic; signed thinking does, and may carry no marker.
    [Fact]
    public async Task Always_AnswerThatIsThoughtAndBlankText_MarksNeither()
    {
        await using var claude = await ClaudeBench.StartAsync("always");
        var messages = new JsonArray(
            new JsonObject { ["role"] = "system", ["content"] = System },
            new JsonObject { ["role"] = "user", ["content"] = "Find a tent." },
            new JsonObject { ["role"] = "assistant", ["reasoning_content"] = "Hm.", ["content"] = "" });

        var figures = await claude.SendAsync(messages);

        claude.LastMarkers().ShouldBe("system.0 messages.0.0");
        figures.Written.ShouldNotBeNull().ShouldBeGreaterThan(1500);
    }

    [Theory]
    [InlineData(1000, "")]
    [InlineData(1030, "system.0 messages.0.0")]
    public async Task Always_PromptAroundTheMinimum_MarksOnlyWhatCounts(int tokens, string expected)
    {
        await using var claude = await ClaudeBench.StartAsync("always");

        await claude.ChatAsync(("system", Bodies.Text(tokens, "You are kind.")), ("user", "A"));

        claude.LastMarkers().ShouldBe(expected);
    }

    // A small day, most of it prompts that never come again. The whole one: tests/PromptCache.Benchmarks, day.
    [Fact]
    public async Task Adaptive_MostlyOneOffPrompts_CostsLessThanAlwaysAndNoMoreThanOff()
    {
        var cost = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var setting in (string[])["off", "always", "adaptive"])
        {
            await using var claude = await ClaudeBench.StartAsync(setting);
            var chat = new List<(string, string)> { ("system", System) };
            cost[setting] = 0;
            for (var i = 0; i < 20; i++)
            {
                var oneOff = await claude.ChatAsync(("user", Bodies.Text(2000, $"Summary {i}.")));
                cost[setting] += oneOff.Total!.Value;
                claude.Wait(TimeSpan.FromSeconds(40));
                if (i % 5 == 0)
                {
                    chat.Add(("user", $"Question {i}"));
                    cost[setting] += (await claude.ChatAsync([.. chat])).Total!.Value;
                    chat.Add(("assistant", $"Answer {i}"));
                }
            }
        }

        cost["adaptive"].ShouldBeLessThanOrEqualTo(cost["off"]);
        cost["adaptive"].ShouldBeLessThan(cost["always"]);
    }

    // The same ten turns with the provider's report and with the store's prediction. A call and its result have another form at the provider than
    // in the client's request, and other tokens; positions are then brought to the provider's scale.
    [Theory]
    [InlineData("always", false)]
    [InlineData("adaptive", false)]
    [InlineData("always", true)]
    [InlineData("adaptive", true)]
    public async Task Prediction_TenTurns_IsWhatTheProviderReports(string breakpoints, bool calls)
    {
        await using var reported = await ClaudeBench.StartAsync(breakpoints);
        await using var predicted = await ClaudeBench.StartAsync(breakpoints, usage: "store");
        JsonArray tools = [Tool("search", Bodies.Text(1200, "Searches."))];
        var messages = new JsonArray(new JsonObject { ["role"] = "system", ["content"] = System });
        long cached = 0;

        for (var turn = 0; turn < 10; turn++)
        {
            messages.Add(new JsonObject { ["role"] = "user", ["content"] = Bodies.Text(40 + (turn * 7), $"Question number {turn}.") });
            var report = await reported.SendAsync(messages, tools);
            var prediction = await predicted.SendAsync(messages, tools);

            var tolerance = calls ? report.Prompt / 200 : 0;
            prediction.Prompt.ShouldBe(report.Prompt);
            (prediction.Cached!.Value - report.Cached!.Value).ShouldBeInRange(-tolerance, tolerance, $"read in turn {turn}");
            (prediction.Written!.Value - report.Written!.Value).ShouldBeInRange(-tolerance, tolerance, $"written in turn {turn}");
            cached += report.Cached ?? 0;
            messages.Add(calls && turn % 3 == 1 ? Call("search") : new JsonObject { ["role"] = "assistant", ["content"] = $"Answer number {turn}." });
            if (calls && turn % 3 == 1)
            {
                messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = "call_search", ["content"] = Bodies.Text(200, "Found.") });
            }

            var pause = TimeSpan.FromSeconds(turn == 6 ? 301 : 90);
            reported.Wait(pause);
            predicted.Wait(pause);
        }

        cached.ShouldBeGreaterThan(18_000);
    }

    private static JsonObject Tool(string name, string description) => new()
    {
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = name, ["description"] = description, ["parameters"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() } },
    };

    private static JsonObject Call(string name) => new()
    {
        ["role"] = "assistant",
        ["content"] = null,
        ["tool_calls"] = new JsonArray(new JsonObject { ["id"] = $"call_{name}", ["type"] = "function", ["function"] = new JsonObject { ["name"] = name, ["arguments"] = "{}" } }),
    };
}
